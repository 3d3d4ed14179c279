// The popup: what is known of the active tab's page, or of a link that was chosen from the menu.

import { askFor, pagesOf } from "../lib/access.js";
import { Failure, report } from "../lib/api.js";
import { readAddress } from "../lib/expressions.js";
import { syncList } from "../lib/list.js";
import { at, defanged, make, openPage, when } from "../lib/page.js";
import { covers, loadSettings, saveSettings } from "../lib/settings.js";
import { checkPage, toldOf, visit } from "../lib/tabs.js";
import { say } from "../lib/words.js";

const SHOWN = 10;

const { settings } = await openPage();
const page = await findPage();
at("options").addEventListener("click", () => chrome.runtime.openOptionsPage());
const sync = await syncList();
at("list").textContent = sync.failed
  ? say(`because_${sync.failed}`)
  : say("list_state", `${sync.count} · ${when(sync.at)}`);
if (page) await open(page);
else at("state").textContent = say("no_page");

/** Find what this is about: {url, tabId, isLink}; null where no web page is open or visible. */
async function findPage() {
  const link = readAddress(new URLSearchParams(location.search).get("link") ?? "");
  if (link) return { url: link, tabId: (await chrome.tabs.getCurrent()).id, isLink: true };
  const [tab] = await chrome.tabs.query({ active: true, currentWindow: true });
  const url = readAddress(tab?.url ?? "");
  return url && { url, tabId: tab.id, isLink: false };
}

async function open({ url, tabId, isLink }) {
  at("address").textContent = defanged(url.href);
  const known = await toldOf(tabId, url.href);
  const isSettled = known?.verdict || known?.state === "checking";
  show(isSettled ? known : await visit(settings, tabId, url.href));
  at("actions").hidden = false;
  bindActions(url, tabId);
  const visible = await chrome.permissions.contains({ origins: pagesOf(url.hostname) });
  at("access").hidden = visible || isLink;
  at("grant").addEventListener("click", () => askFor(pagesOf(url.hostname)));
  chrome.storage.session.onChanged.addListener((changes) => {
    const told = changes[`tab:${tabId}`]?.newValue;
    if (told?.url === url.href) show(told);
  });
}

function bindActions(url, tabId) {
  at("check").addEventListener("click", () => checkPage(settings, tabId, url.href));
  at("says-bait").addEventListener("click", () => send(url, "bait"));
  at("says-not-bait").addEventListener("click", () => send(url, "not_bait"));
  bindHost("allow", "allowed", url.hostname);
  bindHost("full", "fullSites", url.hostname);
  at("full").disabled = settings.full === "always";
  at("full").addEventListener("change", async () => {
    if (settings.full === "never") await saveSettings({ full: "sites" });
  });
}

/** Have a box say whether the page's host is in a list of the settings, and put it there. */
function bindHost(id, name, host) {
  at(id).checked = covers(settings[name], host);
  at(id).addEventListener("change", async () => {
    const { settings: now } = await loadSettings();
    const others = now[name].filter((one) => !covers([one], host));
    await saveSettings({ [name]: at(id).checked ? [...others, host] : others });
  });
}

async function send(url, says) {
  try {
    await report(settings, url.href, says, at("comment").value.trim());
    at("reported").textContent = say("reported");
    at("comment").value = "";
  } catch (error) {
    at("reported").textContent = say(`because_${error instanceof Failure ? error.code : "error"}`);
  }
}

function show(told) {
  at("state").textContent = say(`state_${told.state}`);
  at("state").dataset.state = told.state;
  at("because").textContent = becauseOf(told);
  at("details").hidden = !told.verdict;
  if (told.verdict) showVerdict(told.verdict);
}

function becauseOf({ state, kind, because, verdict }) {
  if (because) return say(`because_${because}`);
  if (verdict?.unknown_because) return verdict.unknown_because.text;
  if (state === "none") return say("none_explained");
  return kind ? say(`by_${kind}`) : "";
}

// Everything here was written by strangers: it goes in as text, and addresses lead nowhere.
function showVerdict(verdict) {
  fill("reasons", verdict.reasons.map(({ text }) => make("li", text)));
  fill("quotes", verdict.evidence.map(quoted));
  fill(
    "redirects",
    verdict.redirects.map(({ url, status }) => make("li", `${status} ${defanged(url)}`)),
  );
  const note = verdict.decision?.note ? ` ${verdict.decision.note}` : "";
  at("judged").textContent =
    `${say("judged_by", verdict.model.version)} · ${when(verdict.checked_at)}${note}`;
}

function quoted({ quote, href }) {
  const item = make("li");
  item.append(make("q", quote));
  if (href) item.append(make("div", defanged(href), "address"));
  return item;
}

function fill(id, items) {
  at(id).replaceChildren(...items.slice(0, SHOWN));
  at(id).hidden = at(id).previousElementSibling.hidden = !items.length;
}
