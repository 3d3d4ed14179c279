// What the extension's own pages share: language, theme, and elements made of text alone.

import { loadSettings } from "./settings.js";
import { loadWords, say } from "./words.js";

/** Bring a page into the person's language and theme; returns the settings and what is locked. */
export async function openPage() {
  const loaded = await loadSettings();
  document.documentElement.lang = await loadWords(loaded.settings.language);
  document.documentElement.dataset.theme = loaded.settings.theme;
  for (const element of document.querySelectorAll("[data-say]")) {
    element.textContent = say(element.dataset.say);
  }
  for (const element of document.querySelectorAll("[data-label]")) {
    element.setAttribute("aria-label", say(element.dataset.label));
  }
  document.title = say(document.documentElement.dataset.title);
  return loaded;
}

/** Make an element with text, and only text, in it. */
export function make(name, text = "", className = "") {
  const element = document.createElement(name);
  element.textContent = text;
  if (className) element.className = className;
  return element;
}

/** Find an element of the page by its id. */
export function at(id) {
  return document.getElementById(id);
}

/** Write an address so that nobody clicks or copies it by mistake. */
export function defanged(url) {
  return url.replace(/^http/, "hxxp").replaceAll(".", "[.]");
}

/** Write a moment in the page's language. */
export function when(moment) {
  const options = { dateStyle: "medium", timeStyle: "short" };
  return new Intl.DateTimeFormat(document.documentElement.lang, options).format(new Date(moment));
}
