// What is known of each tab's page, and the sign it gets on the toolbar. Kept in storage.session,
// so that it outlives the service worker.

import { Failure, checkInFull } from "./api.js";
import { readAddress } from "./expressions.js";
import { lookUp } from "./lookup.js";
import { covers } from "./settings.js";
import { say } from "./words.js";

// No sign where nobody looked: only a check, or a moderator, makes it green.
const SIGNS = {
  bait: ["!", "#b3261e"],
  suspicious: ["?!", "#8a5a00"],
  clean: ["✓", "#1b6e3c"],
  unknown: ["?", "#5f6368"],
  checking: ["…", "#5f6368"],
};

/** Look a page up for a tab; null where it is no web page. */
export async function look(settings, tabId, address) {
  const url = readAddress(address);
  if (!url) return null;
  const [told] = await lookUp(settings, [url.href]);
  await keepTold(tabId, { url: url.href, ...told });
  return told;
}

/** Look a page up that opens, and check it in full where the person switched that on. */
export async function visit(settings, tabId, address) {
  const told = await look(settings, tabId, address);
  if (!told || told.state === "bait") return told;
  const { href, hostname } = new URL(address);
  return checksUnasked(settings, hostname) ? checkOnce(settings, tabId, href) : told;
}

// The browser tells of an arrival twice, before the page is asked for and when it comes.
const ARRIVING = 5_000; // milliseconds
const arrivals = new Map();

async function checkOnce(settings, tabId, url) {
  const last = arrivals.get(tabId);
  if (last?.url !== url || Date.now() - last.at > ARRIVING) {
    const told = checkPage(settings, tabId, url);
    arrivals.set(tabId, { url, at: Date.now(), told });
    return told;
  }
  const told = await last.told;
  await keepTold(tabId, { url, ...told });
  return told;
}

/** Say whether pages of a host are checked in full unasked. */
export function checksUnasked(settings, host) {
  return settings.full === "always" || (settings.full === "sites" && covers(settings.fullSites, host));
}

/** Check a page in full for a tab: this names it to the server. Never throws. */
export async function checkPage(settings, tabId, url) {
  await keepTold(tabId, { url, state: "checking" });
  const told = await fullyTold(settings, url);
  await keepTold(tabId, { url, ...told });
  return told;
}

async function fullyTold(settings, url) {
  try {
    const verdict = await checkInFull(settings, url);
    const kind = verdict.source === "decision" ? "decision" : "verdict";
    return { state: verdict.verdict, kind, score: verdict.score, verdict };
  } catch (error) {
    return { state: "unknown", because: error instanceof Failure ? error.code : "error" };
  }
}

/** Return what is known of the page in a tab; null where that is another page by now. */
export async function toldOf(tabId, url) {
  const name = `tab:${tabId}`;
  const told = (await chrome.storage.session.get(name))[name];
  return told?.url === url ? told : null;
}

/** Keep what is known of a tab's page, and show its sign. */
export async function keepTold(tabId, told) {
  await chrome.storage.session.set({ [`tab:${tabId}`]: told });
  const [text, color] = SIGNS[told.state] ?? ["", "#5f6368"];
  // The tab may be gone by now.
  await Promise.all([
    chrome.action.setBadgeText({ tabId, text }),
    chrome.action.setBadgeBackgroundColor({ tabId, color }),
    chrome.action.setTitle({ tabId, title: titleOf(told) }),
  ]).catch(() => {});
}

function titleOf(told) {
  const because = told.because ? ` ${say(`because_${told.because}`)}` : "";
  return `${say("name")}: ${say(`state_${told.state}`)}${because}`;
}

/** Forget a tab that was closed. */
export function forgetTab(tabId) {
  arrivals.delete(tabId);
  return chrome.storage.session.remove([`tab:${tabId}`, `left:${tabId}`]);
}
