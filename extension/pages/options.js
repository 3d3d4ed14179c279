// The options: server, privacy, marking, warnings, looks; access; the list; import and export.

import { EVERYWHERE, askFor, seesEverything } from "../lib/access.js";
import { Failure, ask } from "../lib/api.js";
import { syncList, syncState } from "../lib/list.js";
import { at, make, openPage, when } from "../lib/page.js";
import { DEFAULTS, cleaned, loadSettings, saveSettings } from "../lib/settings.js";
import { say } from "../lib/words.js";

const form = at("form");
const { settings, locked } = await openPage();
write(settings);
lock();
await showAccess();
showList(await syncState());

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  await saveSettings(read());
  const now = await openPage();
  at("saved").textContent = say("saved");
  showList(await syncList());
});
at("test").addEventListener("click", async () => {
  at("tested").textContent = say("testing");
  at("tested").textContent = await tested({ ...(await loadSettings()).settings, ...read() });
});
at("sync").addEventListener("click", async () => {
  showList(await syncList());
});
at("grant").addEventListener("click", async () => {
  await askFor(EVERYWHERE);
  await showAccess();
});
at("revoke").addEventListener("click", async () => {
  const { origins = [] } = await chrome.permissions.getAll();
  await chrome.permissions.remove({ origins, permissions: ["webNavigation"] });
  await showAccess();
});
at("export").addEventListener("click", exportSettings);
at("import").addEventListener("change", importSettings);

/** Read the form; an empty key, or a locked field, changes nothing. */
function read() {
  const found = {};
  for (const [name, standard] of Object.entries(DEFAULTS)) {
    if (locked.includes(name)) continue;
    const field = form.elements[name];
    if (Array.isArray(standard)) found[name] = hostsOf(field.value);
    else found[name] = typeof standard === "boolean" ? field.checked : field.value.trim();
  }
  return found;
}

function write(values) {
  for (const [name, value] of Object.entries(values)) {
    const field = form.elements[name];
    if (Array.isArray(value)) field.value = value.join("\n");
    else if (typeof value === "boolean") field.checked = value;
    else field.value = value;
  }
}

function hostsOf(text) {
  return [...new Set(text.toLowerCase().split(/\s+/).filter(Boolean))];
}

function lock() {
  at("locked").hidden = !locked.length;
  for (const name of locked) {
    for (const field of form.querySelectorAll(`[name="${name}"]`)) field.disabled = true;
  }
}

/** Ask the server for what looking up needs; returns how it went in words. */
async function tested(tried) {
  try {
    await ask(tried, "GET", `/v1/prefixes?since=${Number.MAX_SAFE_INTEGER}`);
    return say("test_passed");
  } catch (error) {
    return say(`because_${error instanceof Failure ? error.code : "error"}`);
  }
}

async function showAccess() {
  at("access").textContent = say((await seesEverything()) ? "access_all" : "access_some");
}

function showList(sync) {
  if (sync?.failed) at("list").textContent = say(`because_${sync.failed}`);
  else if (sync) at("list").textContent = say("list_state", `${sync.count} · ${when(sync.at)}`);
}

async function exportSettings() {
  const { key, ...others } = (await loadSettings()).settings;
  const link = make("a");
  link.download = "baitwatch-settings.json";
  link.href = `data:application/json,${encodeURIComponent(JSON.stringify(others, null, 2))}`;
  link.click();
}

async function importSettings() {
  try {
    const { key, ...others } = cleaned(JSON.parse(await at("import").files[0].text()));
    await saveSettings(others);
    write((await loadSettings()).settings);
    at("moved").textContent = say("imported");
  } catch {
    at("moved").textContent = say("not_imported");
  }
}
