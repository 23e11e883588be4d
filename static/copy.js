/** Puts a button beside every field that holds a link, to copy it. */

import { element } from "./lib/elements.js";

/** @param {HTMLInputElement} field */
function addCopyButton(field) {
  const button = element("button", { type: "button", textContent: "Copy" });
  button.addEventListener("click", async () => {
    field.select();
    try {
      await navigator.clipboard.writeText(field.value);
      button.textContent = "Copied";
    } catch {
      button.textContent = "Press Ctrl+C";
    }
  });
  const row = element("div", { className: "copied" });
  field.replaceWith(row);
  row.append(field, button);
}

document.querySelectorAll("input[data-copy]").forEach(addCopyButton);
