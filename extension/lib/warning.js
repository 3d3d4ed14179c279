// The page that stands before bait: when it comes, and how one goes on.

import { isCertain } from "./lookup.js";
import { covers } from "./settings.js";
import { toldOf } from "./tabs.js";

/** Put the warning in front of a page where it is called for; says whether it did. */
export async function warnOf(settings, tabId, address, told) {
  if (!settings.warn || !isCertain(told)) return false;
  const url = new URL(address);
  if (covers(settings.allowed, url.hostname) || (await wasPassed(url.href))) return false;
  // The person may have gone elsewhere while the answer was on its way.
  if (!(await toldOf(tabId, url.href))) return false;
  const page = new URL(chrome.runtime.getURL("pages/warning.html"));
  page.searchParams.set("url", url.href);
  page.searchParams.set("kind", told.kind);
  await chrome.tabs.update(tabId, { url: page.href }).catch(() => {});
  return true;
}

/** Remember for this session that a person went on to a page. */
export async function passWarning(url) {
  const { passed = [] } = await chrome.storage.session.get("passed");
  await chrome.storage.session.set({ passed: [...passed.slice(-99), url] });
}

async function wasPassed(url) {
  const { passed = [] } = await chrome.storage.session.get("passed");
  return passed.includes(url);
}

/** Remember the page that a tab would go back to. */
export function keepSafe(tabId, url) {
  return chrome.storage.session.set({ [`left:${tabId}`]: url });
}

/** Return the last page of a tab that nobody warned of, or null. */
export async function safePage(tabId) {
  const name = `left:${tabId}`;
  return (await chrome.storage.session.get(name))[name] ?? null;
}
