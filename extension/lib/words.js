// The interface's words, in the chosen language: chrome.i18n knows only the browser's.

const LANGUAGES = ["en", "de"];
let words = {};

/** Load the words of a language, "auto" for the browser's. */
export async function loadWords(language) {
  const wanted = language === "auto" ? chrome.i18n.getUILanguage().slice(0, 2) : language;
  const code = LANGUAGES.includes(wanted) ? wanted : "en";
  const response = await fetch(chrome.runtime.getURL(`_locales/${code}/messages.json`));
  words = await response.json();
  return code;
}

/** Return a message, with $1 replaced. */
export function say(name, value = "") {
  return (words[name]?.message ?? name).replace("$1", () => value);
}
