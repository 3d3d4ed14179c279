// Keeping the prefix list: fetched as changes, checked by its digest, kept in IndexedDB.
// The service worker may die at any moment: what is in memory here is only a copy.

import { Failure, ask, serverOrigin } from "./api.js";
import { changed, digestOf, readAnswer } from "./prefixes.js";
import { loadSettings } from "./settings.js";

const STORE = "list";
let copy = null;

/** Return the list for a server, {server, version, prefixes}, or null where there is none. */
export async function loadList(server) {
  const { sync } = await chrome.storage.local.get("sync");
  if (!sync || sync.server !== server || sync.version === null) return null;
  if (copy?.server !== server || copy.version !== sync.version) copy = await read();
  return copy?.server === server ? copy : null;
}

/** Return how the last sync went: {server, at, version, count, failed}; failed is a code or null. */
export async function syncState() {
  const { sync = null } = await chrome.storage.local.get("sync");
  return sync;
}

/**
 * Bring the list up to date; returns the new state, whose `failed` says why it could not. One page
 * or service worker after the other, each by the settings of that moment.
 */
export function syncList() {
  return navigator.locks.request("list", async () => sync((await loadSettings()).settings));
}

async function sync(settings) {
  const before = await syncState();
  let state = { server: null, at: null, version: null, count: 0 };
  try {
    const server = serverOrigin(settings.server);
    state = before?.server === server ? before : { ...state, server };
    const { version, prefixes } = await fetchList(settings, await loadList(server));
    state = { server, at: Date.now(), version, count: prefixes.length, failed: null };
  } catch (error) {
    state = { ...state, failed: error instanceof Failure ? error.code : "error" };
  }
  await chrome.storage.local.set({ sync: state });
  return state;
}

async function fetchList(settings, before) {
  const server = serverOrigin(settings.server);
  const since = before ? `?since=${before.version}` : "";
  const response = await ask(settings, "GET", `/v1/prefixes${since}`);
  const answer = readAnswer(await response.arrayBuffer());
  const base = answer.whole || !before ? new Uint32Array() : before.prefixes;
  const prefixes = changed(base, answer.gone, answer.come);
  const digest = await digestOf(prefixes);
  if (prefixes.length !== answer.count || digest.some((byte, at) => byte !== answer.digest[at])) {
    if (before) return fetchList(settings, null);
    throw new Failure("error");
  }
  const list = { server, version: answer.version, prefixes };
  if (!before || before.version !== answer.version) {
    await write(list);
    await forgetFound(answer);
  }
  copy = list;
  return list;
}

// What was found behind a prefix that came or went is no longer so.
async function forgetFound(answer) {
  const kept = await chrome.storage.session.get();
  const found = Object.keys(kept).filter((name) => name.startsWith("found:"));
  const moved = new Set([...answer.gone, ...answer.come].map((prefix) => `found:${hex(prefix)}`));
  await chrome.storage.session.remove(
    answer.whole ? found : found.filter((name) => moved.has(name)),
  );
}

function hex(prefix) {
  return prefix.toString(16).padStart(8, "0");
}

function database() {
  return new Promise((resolve, reject) => {
    const opening = indexedDB.open("baitwatch", 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore(STORE);
    opening.onsuccess = () => resolve(opening.result);
    opening.onerror = () => reject(opening.error);
  });
}

async function withStore(mode, act) {
  const db = await database();
  try {
    return await new Promise((resolve, reject) => {
      const transaction = db.transaction(STORE, mode);
      const request = act(transaction.objectStore(STORE));
      transaction.oncomplete = () => resolve(request.result);
      transaction.onerror = () => reject(transaction.error);
    });
  } finally {
    db.close();
  }
}

function read() {
  return withStore("readonly", (store) => store.get("current"));
}

function write(list) {
  return withStore("readwrite", (store) => store.put(list, "current"));
}
