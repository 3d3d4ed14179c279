// Which pages the person lets the extension see, and the script that marks links on them.

const SCRIPT = "links";
export const EVERYWHERE = ["http://*/*", "https://*/*"];

/** Say whether the extension may see every page. */
export function seesEverything() {
  return chrome.permissions.contains({ origins: EVERYWHERE });
}

/** Name the pages of one site, as a permission is asked for them. */
export function pagesOf(host) {
  return [`http://${host}/*`, `https://${host}/*`];
}

/** Ask the person for access; only in answer to a click. Returns whether it was given. */
export function askFor(origins) {
  return chrome.permissions.request({ origins, permissions: ["webNavigation"] });
}

/** Have links be marked on exactly the pages that were opened to the extension. */
export async function registerScript(settings) {
  const { origins = [] } = await chrome.permissions.getAll();
  const matches = origins.filter((origin) => /^(\*|https?):/.test(origin));
  const standing = await chrome.scripting.getRegisteredContentScripts({ ids: [SCRIPT] });
  if (!matches.length || settings.mark === "never") {
    if (standing.length) await chrome.scripting.unregisterContentScripts({ ids: [SCRIPT] });
    return;
  }
  const script = {
    id: SCRIPT,
    js: ["content/links.js"],
    matches,
    runAt: "document_idle",
    persistAcrossSessions: true,
  };
  if (standing.length) await chrome.scripting.updateContentScripts([script]);
  else await chrome.scripting.registerContentScripts([script]);
}
