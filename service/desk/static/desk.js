// What every page of the desk does where scripts run. No page needs it.
"use strict";

const token = () => document.querySelector('meta[name="csrf-token"]')?.content ?? "";

// Requests that htmx makes for a page carry its token, as its forms do.
document.addEventListener("htmx:config:request", (event) => {
  event.detail.ctx.request.headers["X-CSRFToken"] = token();
});

// A form that is on its way is not sent twice; coming back to the page opens it again.
document.addEventListener("submit", (event) => {
  if (event.defaultPrevented || event.target.method !== "post") return;
  if (event.target.dataset.sent) event.preventDefault();
  event.target.dataset.sent = "yes";
});
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
});
