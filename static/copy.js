/** Puts a button beside every field that holds a link, to copy it. */

import { element } from "./lib/elements.js";
import { say } from "./lib/words.js";

/** @param {HTMLInputElement} field */
function addCopyButton(field) {
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
}

document.querySelectorAll("input[data-copy]").forEach(addCopyButton);
