/** Review by keyboard, without leaving the page. Without this script the same buttons send the same form. */

import { count } from "./lib/figures.js";
import { postForJson, sentenceOf } from "./lib/requests.js";
import { say } from "./lib/words.js";

const form = document.getElementById("decide");
const undo = document.getElementById("undo");

const CHOSEN = "%(n)s chosen. Accepting takes %(accepted)s.";
const CHOSEN_CONTESTED = "%(n)s chosen. Accepting takes %(accepted)s; contested, to be decided one by one: %(contested)s.";

/** @type {HTMLTableRowElement | null} the row that the keys are about */
let current = null;

const openRows = () => [...document.querySelectorAll(".cases tbody tr:not(.settled)")];

/** @param {HTMLTableRowElement | undefined} row */
function goTo(row) {
  if (!row) return;
  current?.classList.remove("here");
  current = row;
  current.classList.add("here");
  current.scrollIntoView({ block: "nearest" });
}

/** @param {number} by rows down, or up if negative */
function step(by) {
  const rows = openRows();
  const index = rows.indexOf(current);
  goTo(rows[Math.min(rows.length - 1, Math.max(0, index < 0 ? 0 : index + by))]);
}

/**
 * Shows what was decided.
 * @param {string} sentence
 * @param {string | null} at the moment that names the decision, if it can be undone
 */
function showOutcome(sentence, at) {
  undo.hidden = false;
  undo.querySelector("[role=status]").textContent = sentence;
  undo.querySelector("button").hidden = !at;
  if (at) undo.elements.at.value = at;
}

/**
 * Shows how many names wait by now.
 * @param {number} waiting
 * @param {string} lead the same as a sentence
 */
function showWaiting(waiting, lead) {
  document.getElementById("lead").textContent = lead;
  const badge = document.querySelector(".staff .badge");
  if (!badge) return;
  badge.textContent = count(waiting);
  badge.hidden = !waiting;
}

/**
 * Takes a row out of the work.
 * @param {HTMLTableRowElement} row
 * @param {string} outcome
 */
function settle(row, outcome) {
  const rows = openRows();
  const next = rows[rows.indexOf(row) + 1] ?? rows[rows.indexOf(row) - 1];
  row.classList.add("settled");
  row.querySelector("label.tick").remove();
  showChosen();
  row.querySelector(".end").textContent = outcome;
  if (current !== row) return;
  current = null;
  row.classList.remove("here");
  goTo(next);
}

/** @param {HTMLButtonElement} button */
async function decide(button) {
  const row = button.closest("tr");
  const outcome = button.matches(".accept") ? say("Accepted: %(answer)s", button.dataset) : say("Rejected");
  const fields = new FormData(form, button);
  const buttons = row.querySelectorAll("button");
  buttons.forEach((each) => (each.disabled = true));
  try {
    const body = await postForJson(form.action, fields);
    settle(row, outcome);
    showOutcome(body.said, body.at);
    showWaiting(body.waiting, body.lead);
  } catch (error) {
    buttons.forEach((each) => (each.disabled = false));
    showOutcome(sentenceOf(error, say("Nothing was decided.")), null);
  }
}

/** Accepts the current name if one answer alone was given and nothing speaks against it; else goes to its button. */
function acceptCurrent() {
  const buttons = current?.querySelectorAll("button.accept") ?? [];
  if (buttons.length === 1 && !("contested" in current.dataset)) buttons[0].click();
  else buttons[0]?.focus();
}

/** @type {Record<string, () => void>} */
const KEYS = {
  j: () => step(1),
  k: () => step(-1),
  x: () => current?.querySelector("input[type=checkbox]")?.click(),
  a: acceptCurrent,
  r: () => current?.querySelector("button.reject")?.click(),
  u: () => !undo.hidden && undo.querySelector("button:not([hidden])")?.click(),
};

const all = document.getElementById("all");
const chosen = document.getElementById("chosen");
const usual = chosen?.textContent;

const boxes = () => [...(form?.querySelectorAll("input[name=name]") ?? [])];

/** Says what the two buttons for the chosen names will do. */
function showChosen() {
  const taken = boxes().filter((box) => box.checked);
  const contested = taken.filter((box) => "contested" in box.closest("tr").dataset).length;
  all.checked = taken.length > 0 && taken.length === boxes().length;
  all.indeterminate = taken.length > 0 && !all.checked;
  const accepted = taken.length - contested;
  chosen.textContent = taken.length
    ? say(contested ? CHOSEN_CONTESTED : CHOSEN, { n: count(taken.length), accepted: count(accepted), contested: count(contested) })
    : usual;
}

form?.addEventListener("change", (event) => {
  if (event.target === all) boxes().forEach((box) => (box.checked = all.checked));
  if (event.target.type === "checkbox") showChosen();
});
document.querySelector(".choose-all")?.removeAttribute("hidden");

form?.addEventListener("submit", (event) => {
  if (!event.submitter?.closest("tr")) return; // the chosen ones are sent with the page
  event.preventDefault();
  decide(event.submitter);
});

document.addEventListener("keydown", (event) => {
  const isTyping = event.target.closest("input:not([type=checkbox]), select, textarea");
  if (isTyping || event.ctrlKey || event.metaKey || event.altKey || !Object.hasOwn(KEYS, event.key)) return;
  event.preventDefault();
  KEYS[event.key]();
});

document.querySelector(".keys")?.removeAttribute("hidden");
