// What the person, or an administrator, chose. An administrator's choices cannot be changed.

export const DEFAULTS = Object.freeze({
  server: "",
  key: "",
  mark: "pointed", // "pointed" | "all" | "never": which links are marked
  full: "never", // "never" | "sites" | "always": where pages are checked in full unasked
  fullSites: Object.freeze([]),
  allowed: Object.freeze([]), // hosts whose pages are never warned of
  warn: true,
  theme: "auto", // "auto" | "light" | "dark"
  language: "auto", // "auto" | "en" | "de"
});

const CHOICES = {
  mark: ["pointed", "all", "never"],
  full: ["never", "sites", "always"],
  theme: ["auto", "light", "dark"],
  language: ["auto", "en", "de"],
};

/** Return the settings in force, and the names of those that an administrator has set. */
export async function loadSettings() {
  const { settings = {} } = await chrome.storage.local.get("settings");
  const managed = await chrome.storage.managed.get().catch(() => ({}));
  const locked = Object.keys(cleaned(managed));
  return { settings: { ...DEFAULTS, ...cleaned(settings), ...cleaned(managed) }, locked };
}

/** Change some settings. */
export async function saveSettings(changes) {
  const { settings = {} } = await chrome.storage.local.get("settings");
  await chrome.storage.local.set({ settings: { ...settings, ...cleaned(changes) } });
}

/** Keep of an object, whoever wrote it, what is a setting of the right kind. */
export function cleaned(object) {
  const kept = {};
  for (const [name, value] of Object.entries(object ?? {})) {
    if (isSetting(name, value)) kept[name] = value;
  }
  return kept;
}

function isSetting(name, value) {
  if (!Object.hasOwn(DEFAULTS, name)) return false;
  if (Object.hasOwn(CHOICES, name)) return CHOICES[name].includes(value);
  if (Array.isArray(DEFAULTS[name])) {
    return Array.isArray(value) && value.every((host) => typeof host === "string");
  }
  return typeof value === typeof DEFAULTS[name];
}

/** Say whether a host, or one above it, is among hosts. */
export function covers(hosts, host) {
  return hosts.some((one) => one === host || host.endsWith(`.${one}`));
}
