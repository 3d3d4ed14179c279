// The first page after installing: what the extension does, and the access that it can do without.

import { EVERYWHERE, askFor, seesEverything } from "../lib/access.js";
import { at, openPage } from "../lib/page.js";
import { say } from "../lib/words.js";

await openPage();
at("options").addEventListener("click", () => chrome.runtime.openOptionsPage());
at("grant").addEventListener("click", async () => {
  await askFor(EVERYWHERE);
  await showAccess();
});
await showAccess();

async function showAccess() {
  at("granted").textContent = say((await seesEverything()) ? "access_all" : "access_some");
}
