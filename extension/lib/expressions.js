// Safe Browsing's expressions of an address (host suffix and path prefix) and their hashes.
// Source: "URLs and Hashing" of the Safe Browsing API documentation (v4). The service computes the
// same in model/url.py; a test holds both to the same vectors.

const encoder = new TextEncoder();

/** Read an http(s) address as browsers do; null where it is none that the service would read. */
export function readAddress(text) {
  let url;
  try {
    url = new URL(text);
  } catch {
    return null;
  }
  const isWeb = url.protocol === "http:" || url.protocol === "https:";
  if (!isWeb || !url.hostname || url.href.length > 2048) return null;
  return url;
}

/** List the expressions of an address, up to 30, the exact one first. */
export function expressionsOf(url) {
  const rest = url.href.slice(url.protocol.length + 2).split("#")[0];
  const authority = /^[^/?]*/.exec(rest)[0];
  const [path, ...afterMark] = rest.slice(authority.length).split("?");
  const query = afterMark.length ? quote("?" + unescapeAll(afterMark.join("?"))) : "";
  const found = new Set();
  for (const host of hostSuffixes(canonicalHost(url.hostname))) {
    for (const prefix of pathPrefixes(canonicalPath(path), query)) found.add(host + prefix);
  }
  return [...found];
}

/** Hash an expression: SHA-256, as 64 hexadecimal digits. */
export async function hashOf(expression) {
  const digest = await crypto.subtle.digest("SHA-256", encoder.encode(expression));
  return hexOf(new Uint8Array(digest));
}

/** Write bytes as hexadecimal digits. */
export function hexOf(bytes) {
  let text = "";
  for (const byte of bytes) text += (byte + 256).toString(16).slice(1);
  return text;
}

// A character stands for a byte here: the parts of a parsed address are ASCII.
function unescapeAll(text) {
  for (;;) {
    const once = text.replace(/%([0-9a-f]{2})/gi, (_, digits) =>
      String.fromCharCode(parseInt(digits, 16)),
    );
    if (once === text) return text;
    text = once;
  }
}

function quote(text) {
  return text.replace(
    /[^!-~]|[#%]/g,
    (byte) => "%" + (byte.charCodeAt(0) + 256).toString(16).slice(1).toUpperCase(),
  );
}

function canonicalHost(hostname) {
  const host = hostname.replace(/^\.+|\.+$/g, "").replace(/\.+/g, ".");
  // Chromium escapes a sign or two that a name cannot have.
  if (host === hostname) return quote(unescapeAll(host));
  // Without its last dots it may have become an address of numbers.
  return quote(readAddress(`http://${host}/`)?.hostname ?? host);
}

function canonicalPath(path) {
  const segments = unescapeAll(path).replace(/\/+/g, "/").split("/").slice(1);
  const kept = [];
  for (const segment of segments) {
    if (segment === "..") kept.pop();
    else if (segment !== "" && segment !== ".") kept.push(segment);
  }
  const last = segments.at(-1) ?? "";
  const tail = kept.length && ["", ".", ".."].includes(last) ? "/" : "";
  return quote("/" + kept.join("/") + tail);
}

function hostSuffixes(host) {
  if (host.startsWith("[") || /^\d+\.\d+\.\d+\.\d+$/.test(host)) return [host];
  const labels = host.split(".");
  const suffixes = [host];
  for (let start = Math.max(1, labels.length - 5); start < labels.length - 1; start += 1) {
    suffixes.push(labels.slice(start).join("."));
  }
  return suffixes;
}

function pathPrefixes(path, query) {
  const folders = path.split("/").slice(1, -1);
  const prefixes = [path + query, path];
  for (let depth = 0; depth < 4; depth += 1) {
    prefixes.push("/" + folders.slice(0, depth).map((folder) => folder + "/").join(""));
  }
  return prefixes;
}
