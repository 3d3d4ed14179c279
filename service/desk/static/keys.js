// Keys: what says data-key="bait" is pressed by the key that the account binds to "bait".
// Never while somebody types, and never with Ctrl, Meta or Alt: those keys are the browser's.
"use strict";

(() => {
  const help = document.getElementById("desk-keys");
  if (!help) return;
  const acts = new Map(Object.entries(JSON.parse(help.dataset.keys)).map(([act, key]) => [key, act]));
  const places = JSON.parse(help.dataset.places);
  let going = false;

  const types = (element) =>
    element instanceof Element &&
    element.closest("textarea, select, [contenteditable], input:not([type=radio], [type=checkbox])");

  const visible = (element) => element.getClientRects().length > 0;
  const named = (act) =>
    [...document.querySelectorAll(`[data-key="${act}"]:not([disabled])`)].find(visible);

  // Goes to the element after, or before, the one that has the focus; to the first where none has.
  const step = (elements, by) => {
    const here = elements.findIndex((element) => element.contains(document.activeElement));
    const next = here < 0 ? (by > 0 ? 0 : elements.length - 1) : here + by;
    const element = elements[Math.min(Math.max(next, 0), elements.length - 1)];
    element?.scrollIntoView({ block: "nearest" });
    return element;
  };
  const rows = () => [...document.querySelectorAll("[data-row]")];
  const opener = (row) => row?.querySelector('[data-key="open"]');
  const mark = (by) => step([...document.querySelectorAll("mark")], by)?.focus();
  const row = () => rows().find((each) => each.contains(document.activeElement));

  const press = (element) => {
    if (!element) return;
    if (element.matches("select, textarea, input:not([type=radio], [type=checkbox])")) element.focus();
    else element.click();
  };

  const search = () => {
    const field = document.querySelector('[role="search"] input[name="q"]');
    if (!field) {
      window.location.assign(places.q);
      return;
    }
    field.closest("details")?.setAttribute("open", "");
    field.focus();
  };

  const own = {
    next: () => (rows().length ? opener(step(rows(), 1))?.focus() : press(named("next"))),
    previous: () => (rows().length ? opener(step(rows(), -1))?.focus() : press(named("previous"))),
    open: () => opener(row() ?? rows()[0])?.click(),
    select: () => row()?.querySelector("input[type=checkbox]")?.click(),
    next_evidence: () => mark(1),
    previous_evidence: () => mark(-1),
    go: () => (going = true),
    help: () => help.showModal(),
    search,
  };

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.repeat) return;
    if (event.key === "Shift" || types(event.target) || document.querySelector("dialog[open]")) return;
    if (going) {
      going = false;
      if (places[event.key]) {
        event.preventDefault();
        window.location.assign(places[event.key]);
      }
      return;
    }
    const act = acts.get(event.key);
    if (!act) return;
    event.preventDefault();
    if (own[act]) own[act]();
    else press(named(act));
  });

  for (const button of document.querySelectorAll('[data-key="help"]')) {
    button.addEventListener("click", () => help.showModal());
  }
  for (const button of document.querySelectorAll('[data-key="next_evidence"]')) {
    button.addEventListener("click", own.next_evidence);
  }
  for (const button of document.querySelectorAll('[data-key="previous_evidence"]')) {
    button.addEventListener("click", own.previous_evidence);
  }
  for (const element of document.querySelectorAll("[data-needs-script]")) element.hidden = false;
})();
