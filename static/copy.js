/** Puts buttons beside every field that holds a link: to copy it, and to hand it to another app where there is such a way. */

import { element } from "./lib/elements.js";
import { say } from "./lib/words.js";

/**
 * The share sheet of a phone, or of a desk that has one.
 * @param {HTMLInputElement} field
 */
function shareButton(field) {
  const button = element("button", { type: "button", textContent: say("Share…") });
  // Whoever closes the sheet again has changed their mind: that is no fault.
  button.addEventListener("click", () => navigator.share({ title: document.title, url: field.value }).catch(() => {}));
  return button;
}

/** @param {HTMLInputElement} field */
function addButtons(field) {
  const button = element("button", { type: "button", textContent: say("Copy") });
  button.addEventListener("click", async () => {
    field.select();
    try {
      await navigator.clipboard.writeText(field.value);
      button.textContent = say("Copied");
    } catch {
      button.textContent = say("Press Ctrl+C");
    }
  });
  const row = element("div", { className: "copied" });
  field.replaceWith(row);
  row.append(field, button);
  if ("share" in navigator) row.append(shareButton(field));
}

document.querySelectorAll("input[data-copy]").forEach(addButtons);
