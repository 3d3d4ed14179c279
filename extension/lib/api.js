// The one place that talks to the network: to the chosen server, with the key, and nothing else.

/** Why the server did not answer; `code` has words in _locales as `because_<code>`. */
export class Failure extends Error {
  constructor(code) {
    super(code);
    this.code = code;
  }
}

const CODES = { 401: "refused_key", 403: "missing_scope", 429: "busy", 503: "busy" };
const SECONDS = 30;

/** Return the server's origin. Throws Failure where it is none, or would carry the key openly. */
export function serverOrigin(server) {
  if (!server) throw new Failure("no_server");
  let url;
  try {
    url = new URL(server);
  } catch {
    throw new Failure("bad_server");
  }
  const isHere = ["localhost", "127.0.0.1", "[::1]"].includes(url.hostname);
  if (url.protocol !== "https:" && !(url.protocol === "http:" && isHere)) {
    throw new Failure("bad_server");
  }
  return url.origin;
}

/** Ask the API; returns the response of a success. Throws Failure. */
export async function ask(settings, method, path, body) {
  const origin = serverOrigin(settings.server);
  if (!settings.key) throw new Failure("no_key");
  const headers = { Authorization: `Bearer ${settings.key}` };
  if (body !== undefined) headers["Content-Type"] = "application/json";
  let response;
  try {
    response = await fetch(origin + path, {
      method,
      headers,
      body: body === undefined ? undefined : JSON.stringify(body),
      cache: "no-store",
      credentials: "omit",
      redirect: "error",
      referrerPolicy: "no-referrer",
      signal: AbortSignal.timeout(SECONDS * 1000),
    });
  } catch {
    throw new Failure("offline");
  }
  if (!response.ok) throw new Failure(CODES[response.status] ?? "error");
  return response;
}

/** Check an address in full: the one call that names it to be fetched. Throws Failure. */
export async function checkInFull(settings, url) {
  const response = await ask(settings, "POST", "/v1/check", { url, wait: 20 });
  if (response.status === 202) throw new Failure("still_checking");
  return response.json();
}

/** Disagree with a verdict, or ask for a look. Throws Failure. */
export async function report(settings, url, says, comment) {
  await ask(settings, "POST", "/v1/reports", { url, says, ...(comment ? { comment } : {}) });
}
