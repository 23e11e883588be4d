/** The threshold slider: moves matrix, coverage and accuracy together, from figures that the page holds. */

import { readJson } from "./lib/elements.js";

/**
 * What the page shows at one threshold, as it is written there.
 * @typedef {object} Step
 * @property {string} threshold
 * @property {string} told
 * @property {Record<string, string>} cells
 * @property {Record<string, string>} shares
 * @property {Record<string, string>} figures
 * @property {Record<string, string>} intervals
 */

/** @param {HTMLFormElement} form */
function start(form) {
  const card = form.closest(".card");
  /** @type {Step[]} */
  const steps = readJson(card, "[data-steps]");
  const range = form.querySelector("input[type=range]");

  /**
   * @param {string} name of the data attribute that marks the places
   * @param {Record<string, string>} texts by the value of that attribute
   */
  function write(name, texts) {
    for (const place of card.querySelectorAll(`[data-${name}]`)) place.textContent = texts[place.dataset[name]];
  }

  function show() {
    const step = steps[Math.round((range.valueAsNumber - Number(range.min)) / Number(range.step))];
    card.querySelector("[data-threshold]").textContent = step.threshold;
    card.querySelector("[data-told]").textContent = step.told;
    range.setAttribute("aria-valuetext", step.threshold);
    write("cell", step.cells);
    write("share", step.shares);
    write("figure", step.figures);
    write("interval", step.intervals);
    for (const link of card.querySelectorAll(".matrix a")) link.href = atThreshold(link.href);
  }

  /**
   * Returns the address of a cell's names at the threshold that is shown.
   * @param {string} href
   */
  function atThreshold(href) {
    const address = new URL(href);
    address.searchParams.set("t", range.value);
    return address;
  }

  function writeAddress() {
    const address = new URL(location.href);
    address.searchParams.set("t", range.value);
    history.replaceState(null, "", address);
  }

  range.addEventListener("input", show);
  range.addEventListener("change", writeAddress);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    writeAddress();
  });
  form.querySelector("button").hidden = true;
  show();
}

const form = document.querySelector("form[data-slider]");
if (form) start(form);
