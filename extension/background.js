// The service worker (in Firefox, the event page). It may die at any moment: every listener is
// registered at once, and whatever must last is in storage.
//
//   a page opens      -> visit -> sign on the toolbar, warning before bait
//   links.js asks     -> lookUp -> marks
//   alarm             -> syncList
//   menu, key         -> checkPage (the only thing that names a page to the server)

import { registerScript } from "./lib/access.js";
import { syncList } from "./lib/list.js";
import { lookUp } from "./lib/lookup.js";
import { loadSettings } from "./lib/settings.js";
import { checkPage, forgetTab, look, toldOf, visit } from "./lib/tabs.js";
import { keepSafe, warnOf } from "./lib/warning.js";
import { loadWords, say } from "./lib/words.js";

const SYNC = "sync";
const SYNC_MINUTES = 5;
const RETRY_MINUTES = 1;
const MOST_LINKS = 5000;

// --- starting

chrome.runtime.onInstalled.addListener(async ({ reason }) => {
  if (reason === "install") {
    await chrome.tabs.create({ url: chrome.runtime.getURL("pages/welcome.html") });
  }
  await setUp();
});
chrome.runtime.onStartup.addListener(() => setUp());

async function setUp() {
  // Scripts in pages must not read the key. Firefox keeps them from it by itself.
  await chrome.storage.local.setAccessLevel?.({ accessLevel: "TRUSTED_CONTEXTS" });
  const { settings } = await opened();
  await makeMenus();
  await registerScript(settings);
  await syncNow();
}

async function opened() {
  const loaded = await loadSettings();
  await loadWords(loaded.settings.language);
  return loaded;
}

async function makeMenus() {
  await chrome.contextMenus.removeAll();
  chrome.contextMenus.create({ id: "link", contexts: ["link"], title: say("check_link") });
  chrome.contextMenus.create({ id: "page", contexts: ["page"], title: say("check_page") });
}

chrome.storage.onChanged.addListener(async (changes, area) => {
  if (area === "local" && changes.sync) await lookAgain(changes.sync);
  if (area !== "managed" && !(area === "local" && changes.settings)) return;
  const { settings } = await opened();
  await makeMenus();
  await registerScript(settings);
  await syncNow();
});
chrome.permissions.onAdded.addListener(async () => {
  const { settings } = await opened();
  listenToNavigation();
  await registerScript(settings);
});
chrome.permissions.onRemoved.addListener(async () => registerScript((await opened()).settings));

// --- the list

chrome.alarms.onAlarm.addListener(async ({ name }) => {
  if (name === SYNC) await syncNow();
});

async function syncNow() {
  const { failed } = await syncList();
  const minutes = failed ? RETRY_MINUTES : SYNC_MINUTES;
  await chrome.alarms.create(SYNC, { delayInMinutes: minutes, periodInMinutes: minutes });
}

// --- pages

// Of pages that are open something else may be known by a new list, or nothing any more.
async function lookAgain({ oldValue, newValue }) {
  if (oldValue?.version === newValue?.version && oldValue?.failed === newValue?.failed) return;
  const { settings } = await opened();
  for (const { id, url } of await chrome.tabs.query({})) {
    const known = url && (await toldOf(id, url));
    if (known && !known.verdict) await look(settings, id, url);
  }
}

chrome.tabs.onUpdated.addListener((tabId, { url }) => {
  // Without access to the page there is no address here.
  if (url) arrive(tabId, url);
});
chrome.tabs.onRemoved.addListener((tabId) => forgetTab(tabId));
listenToNavigation();

// The permission may be given later; a page is then warned of before it is even asked for.
function listenToNavigation() {
  const event = chrome.webNavigation?.onBeforeNavigate;
  if (event && !event.hasListener(beforeNavigation)) event.addListener(beforeNavigation);
}

function beforeNavigation({ tabId, frameId, url }) {
  if (frameId === 0) arrive(tabId, url);
}

async function arrive(tabId, url) {
  if (!/^https?:/.test(url)) return;
  const { settings } = await opened();
  const told = await visit(settings, tabId, url);
  if (told && !(await warnOf(settings, tabId, url, told)) && told.state !== "bait") {
    await keepSafe(tabId, url);
  }
}

// --- what the person asks for

chrome.contextMenus.onClicked.addListener(async ({ menuItemId, linkUrl, pageUrl }, tab) => {
  if (menuItemId === "link") await showLink(linkUrl);
  else await checkTab(tab, pageUrl);
});
chrome.commands.onCommand.addListener(async (command, tab) => {
  if (command === "check-page") await checkTab(tab, tab?.url);
});

async function checkTab(tab, url) {
  if (!tab || !/^https?:/.test(url ?? "")) return;
  const { settings } = await opened();
  await checkPage(settings, tab.id, url);
}

// The popup, as a page of its own: a menu cannot open the toolbar's.
async function showLink(url) {
  const page = new URL(chrome.runtime.getURL("pages/popup.html"));
  page.searchParams.set("link", url);
  await chrome.tabs.create({ url: page.href });
}

// --- what scripts in pages ask for

chrome.runtime.onMessage.addListener((message, sender, reply) => {
  if (sender.id !== chrome.runtime.id || !sender.tab || typeof message !== "object") return false;
  if (message?.type === "links") {
    answerLinks(message.urls).then(reply);
    return true;
  }
  return false;
});

/** Answer {mark, words, told}: how links are marked, and of each a kind of bait, "unknown" or null. */
async function answerLinks(urls) {
  const { settings } = await opened();
  const asked = (Array.isArray(urls) ? urls : [])
    .filter((url) => typeof url === "string")
    .slice(0, MOST_LINKS);
  const told = asked.length ? await lookUp(settings, asked) : [];
  const marked = told.map(({ state, kind }) => {
    if (state === "bait") return kind;
    return state === "unknown" ? state : null;
  });
  const words = { decision: say("mark_decision"), verdict: say("mark_verdict") };
  return { mark: settings.mark, words, told: marked };
}

// After an update of the browser, or of the extension while it was switched off, no alarm may run.
chrome.alarms.get(SYNC).then(async (alarm) => {
  if (!alarm) {
    await chrome.alarms.create(SYNC, { delayInMinutes: RETRY_MINUTES, periodInMinutes: SYNC_MINUTES });
  }
});
