/** The course: its players step without loading anew, and the matrix of ten names counts along. */

import { element } from "./lib/elements.js";
import { say } from "./lib/words.js";

const PAUSE = 1600; // milliseconds a step while it plays

/** @param {HTMLElement} player whose steps are all in the page, all but one put away */
function makePlayer(player) {
  const steps = [...player.querySelectorAll("[data-at]")];
  const chips = [...player.querySelectorAll("[data-step]")];
  const back = player.querySelector("[data-back]");
  const on = player.querySelector("[data-on]");
  const play = player.querySelector("[data-play]");
  const current = player.querySelector("[data-step][aria-current]");
  let at = current?.dataset.step === "all" ? 0 : Number(current?.dataset.step ?? 1);
  /** @type {number | undefined} */
  let timer;

  /** @param {number} step from 1, or 0 for all at once */
  function show(step) {
    at = step;
    for (const each of steps) each.classList.toggle("is-away", step !== 0 && Number(each.dataset.at) !== step);
    for (const chip of chips) mark(chip, (chip.dataset.step === "all" ? 0 : Number(chip.dataset.step)) === step);
    back.toggleAttribute("aria-disabled", step === 1);
    if (step === 1) back.setAttribute("aria-disabled", "true");
    on.toggleAttribute("aria-disabled", step === steps.length);
    if (step === steps.length) on.setAttribute("aria-disabled", "true");
    const address = new URL(location.href);
    address.searchParams.set("step", step ? String(step) : "all");
    address.hash = "";
    history.replaceState(null, "", address);
  }

  /** @param {Element} chip @param {boolean} isCurrent */
  function mark(chip, isCurrent) {
    if (isCurrent) chip.setAttribute("aria-current", "step");
    else chip.removeAttribute("aria-current");
  }

  function stop() {
    clearInterval(timer);
    timer = undefined;
    play.textContent = say("Play it");
  }

  function start() {
    if (at === 0 || at === steps.length) show(1);
    play.textContent = say("Stop");
    timer = setInterval(() => {
      show(at + 1);
      if (at === steps.length) stop();
    }, PAUSE);
  }

  /** @param {Element} link @param {() => number} target */
  function takeOver(link, target) {
    link.addEventListener("click", (event) => {
      event.preventDefault();
      stop();
      show(target());
    });
  }

  takeOver(back, () => Math.max(1, at - 1));
  takeOver(on, () => Math.min(steps.length, at + 1));
  for (const chip of chips) takeOver(chip, () => (chip.dataset.step === "all" ? 0 : Number(chip.dataset.step)));
  // In front of a class the arrows are at hand.
  player.addEventListener("keydown", (event) => {
    const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (!by || event.target.closest(".scroll") || at === 0) return;
    stop();
    show(Math.min(steps.length, Math.max(1, at + by)));
  });
  play.addEventListener("click", () => (timer ? stop() : start()));
  play.hidden = false;
}

/** @param {HTMLFormElement} form with one choice of a cell for each name */
function countAlong(form) {
  const card = document.querySelector("[data-own-matrix]");
  form.addEventListener("change", () => {
    const counts = { tp: 0, fn: 0, fp: 0, tn: 0 };
    for (const chosen of form.querySelectorAll("input[type='radio']:checked")) counts[chosen.value] += 1;
    const cells = [...card.querySelectorAll("tbody td b")];
    ["tp", "fn", "fp", "tn"].forEach((cell, index) => (cells[index].textContent = String(counts[cell])));
    // Shares and ratios of an earlier answer would stand beside newer counts.
    for (const small of card.querySelectorAll("tbody td small")) small.textContent = small.textContent.split(" ")[0];
    for (const part of card.querySelectorAll("dl, p")) part.remove();
    const done = Object.values(counts).reduce((sum, n) => sum + n, 0);
    card.append(element("p", { className: "quiet", textContent: say("%(n)s placed. “Build the matrix” checks them.", { n: done }) }));
  });
}

/** @param {HTMLSelectElement} select that a slider stands in for */
function makeDial(select) {
  const words = [...select.options].map((option) => option.textContent ?? "");
  const label = document.querySelector(`label[for="${select.id}"]`);
  const slider = element("input", { type: "range", id: `${select.id}-dial`, max: String(words.length - 1) });
  slider.value = String(select.selectedIndex);
  const shown = element("output", {});
  shown.setAttribute("for", slider.id);
  const tell = () => {
    select.selectedIndex = Number(slider.value);
    shown.textContent = words[select.selectedIndex];
    slider.setAttribute("aria-valuetext", words[select.selectedIndex]);
  };
  slider.addEventListener("input", tell);
  tell();
  select.setAttribute("aria-label", label.textContent ?? "");
  label.htmlFor = slider.id;
  label.append(" ", shown);
  select.hidden = true;
  const ends = element("span", { className: "ends" }, element("span", { textContent: words[0] }));
  ends.append(element("span", { textContent: words[words.length - 1] }));
  ends.setAttribute("aria-hidden", "true");
  select.after(slider, ends);
}

document.querySelectorAll("[data-player]").forEach(makePlayer);
document.querySelectorAll("form[data-matrix]").forEach(countAlong);
document.querySelectorAll("select[data-dial]").forEach(makeDial);
