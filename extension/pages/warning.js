// The page before bait: where it was going, who says so, a way back and a way on.

import { readAddress } from "../lib/expressions.js";
import { at, defanged, openPage } from "../lib/page.js";
import { loadSettings, saveSettings } from "../lib/settings.js";
import { passWarning, safePage } from "../lib/warning.js";
import { say } from "../lib/words.js";

await openPage();
const asked = new URLSearchParams(location.search);
const url = readAddress(asked.get("url") ?? "");
const { id } = await chrome.tabs.getCurrent();

at("address").textContent = url ? defanged(url.href) : "";
at("why").textContent = say(asked.get("kind") === "decision" ? "by_decision" : "by_verdict");
at("back").addEventListener("click", async () => {
  // Not history.back(): that may be the page that was warned of.
  location.replace((await safePage(id)) ?? "about:blank");
});
at("on").addEventListener("click", () => goOn());
at("allow").addEventListener("click", async () => {
  const { settings } = await loadSettings();
  await saveSettings({ allowed: [...settings.allowed, url.hostname] });
  await goOn();
});
at("back").focus();

async function goOn() {
  await passWarning(url.href);
  location.replace(url.href);
}
