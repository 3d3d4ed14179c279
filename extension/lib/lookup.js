// Looking addresses up by hash prefix: the server hears of prefixes that are on its list, never of
// an address. What comes out is told by the rules of docs/api.md.

import { Failure, ask, serverOrigin } from "./api.js";
import { expressionsOf, hashOf, readAddress } from "./expressions.js";
import { loadList, syncList, syncState } from "./list.js";
import { has } from "./prefixes.js";

const MOST_ASKED = 1000;
const SCOPES = ["campaign", "host", "prefix", "page"];
// A machine's verdict is warned of before a page only where it is nearly certain.
const CERTAIN = 0.99;

/**
 * Look addresses up, hashing what they share once. Each gets {state, kind, score, because}: `bait`,
 * `clean` (a moderator said so), `none` (not on the list, and nobody looked), or `unknown` with a
 * code for why.
 */
export async function lookUp(settings, texts) {
  const known = await usableList(settings);
  if (known.because) return texts.map(() => unknown(known.because));
  const shared = new Map();
  const addresses = await Promise.all(texts.map((text) => hashesOf(text, shared)));
  return judged(settings, known.list, addresses);
}

async function usableList(settings) {
  try {
    const server = serverOrigin(settings.server);
    if (!settings.key) return { because: "no_key" };
    let state = await syncState();
    if (state?.server !== server) state = await syncList();
    const list = await loadList(server);
    if (!list) return { because: state.failed ?? "error" };
    return { list: { ...list, failed: state.failed } };
  } catch (error) {
    return { because: error instanceof Failure ? error.code : "error" };
  }
}

async function hashesOf(text, shared) {
  const url = readAddress(text);
  if (!url) return null;
  return Promise.all(
    expressionsOf(url).map(async (expression) => {
      if (!shared.has(expression)) shared.set(expression, hashOf(expression));
      return { expression, hash: await shared.get(expression) };
    }),
  );
}

async function judged(settings, list, addresses) {
  const wanted = new Set();
  for (const { hash } of addresses.flatMap((hashes) => hashes ?? [])) {
    const prefix = hash.slice(0, 8);
    if (!wanted.has(prefix) && has(list.prefixes, parseInt(prefix, 16))) wanted.add(prefix);
  }
  const { found, because } = await find(settings, [...wanted]);
  return addresses.map((hashes) => {
    if (hashes === null) return { state: "none" };
    const prefixes = hashes.map(({ hash }) => hash.slice(0, 8)).filter((one) => wanted.has(one));
    if (prefixes.some((prefix) => !found.has(prefix))) return unknown(because);
    const matches = prefixes.flatMap((prefix) => found.get(prefix));
    const told = ruledBy(hashes, matches);
    // What is not on an old list may be on the new one.
    return told.state === "none" && list.failed ? unknown(list.failed) : told;
  });
}

function unknown(because) {
  return { state: "unknown", because };
}

/** Return what stands behind prefixes, from memory or from the server in as few requests as can be. */
async function find(settings, prefixes) {
  const now = Date.now();
  const kept = await chrome.storage.session.get(prefixes.map((prefix) => `found:${prefix}`));
  const found = new Map();
  for (const prefix of prefixes) {
    const entry = kept[`found:${prefix}`];
    if (entry && entry.until > now) found.set(prefix, entry.matches);
  }
  const missing = prefixes.filter((prefix) => !found.has(prefix));
  const news = missing.filter((prefix) => !asking.has(prefix));
  for (let start = 0; start < news.length; start += MOST_ASKED) {
    askOnce(settings, news.slice(start, start + MOST_ASKED));
  }
  let because = "error";
  for (const request of new Set(missing.map((prefix) => asking.get(prefix)))) {
    try {
      const fresh = await request;
      for (const prefix of missing.filter((one) => fresh.has(one))) {
        found.set(prefix, fresh.get(prefix).matches);
      }
    } catch (error) {
      because = error instanceof Failure ? error.code : "error";
    }
  }
  return { found, because };
}

// The requests under way, by each prefix they ask for: whoever needs one too waits for it.
const asking = new Map();

function askOnce(settings, prefixes) {
  const request = askBehind(settings, prefixes).finally(() => {
    for (const prefix of prefixes) asking.delete(prefix);
  });
  for (const prefix of prefixes) asking.set(prefix, request);
}

async function askBehind(settings, prefixes) {
  const response = await ask(settings, "POST", "/v1/prefixes/find", { prefixes });
  const { matches, negative_life: life } = await response.json();
  const negative = Date.now() + life * 1000;
  // What overrules a wide ruling lies behind another prefix than the one that was asked for: every
  // entry keeps all of that.
  const overruling = matches.filter(({ verdict }) => verdict !== "bait");
  const fresh = new Map(
    prefixes.map((prefix) => {
      const own = matches.filter((match) => match.hash.startsWith(prefix));
      const until = Math.min(negative, ...own.map((match) => Date.parse(match.expires_at)));
      return [prefix, { matches: [...new Set([...own, ...overruling])], until }];
    }),
  );
  await keep(fresh);
  return fresh;
}

function keep(entries) {
  return chrome.storage.session.set(
    Object.fromEntries([...entries].map(([prefix, entry]) => [`found:${prefix}`, entry])),
  );
}

/** Choose what counts for an address: decisions before verdicts, the narrowest first. */
export function ruledBy(hashes, matches) {
  const covering = [];
  for (const match of matches) {
    const at = hashes.findIndex(({ hash }) => hash === match.hash);
    const exact = match.scope === "page" || match.scope === "campaign";
    if (at >= 0 && (at === 0 || !exact)) {
      covering.push({ match, rank: rankOf(match, hashes[at].expression) });
    }
  }
  covering.sort((one, other) => compare(other.rank, one.rank));
  let counting = covering[0]?.match;
  if (counting?.verdict === null) {
    counting = covering.find(({ match }) => match.kind === "verdict")?.match;
  }
  if (!counting) return { state: "none" };
  return { state: counting.verdict, kind: counting.kind, score: counting.score };
}

function rankOf(match, expression) {
  const [host, ...path] = expression.split("/");
  return [
    match.kind === "decision" ? 1 : 0,
    SCOPES.indexOf(match.scope),
    path.length,
    host.split(".").length,
  ];
}

function compare(one, other) {
  const at = one.findIndex((part, place) => part !== other[place]);
  return at < 0 ? 0 : one[at] - other[at];
}

/** Say whether a page is warned of before it opens. */
export function isCertain(told) {
  return told.state === "bait" && (told.kind === "decision" || told.score >= CERTAIN);
}
