// The threshold slider: moves the matrix, the coverage and the accuracy together, from figures on the page.
"use strict";

(() => {
  const form = document.querySelector("[data-slider]");
  if (!form) return;
  const card = form.closest(".card");
  const steps = JSON.parse(card.querySelector("[data-steps]").textContent);
  const range = form.querySelector("input[type=range]");
  form.querySelector("button").hidden = true;

  function put(name, texts) {
    for (const part of card.querySelectorAll(`[data-${name}]`)) part.textContent = texts[part.dataset[name]];
  }

  function show() {
    const step = steps[Math.round((range.value - range.min) / range.step)];
    card.querySelector("[data-threshold]").textContent = step.threshold;
    card.querySelector("[data-told]").textContent = step.told;
    range.setAttribute("aria-valuetext", step.threshold);
    put("cell", step.cells);
    put("share", step.shares);
    put("figure", step.figures);
    put("interval", step.intervals);
  }

  function keep() {
    const address = new URL(location);
    address.searchParams.set("t", range.value);
    history.replaceState(null, "", address);
  }

  range.addEventListener("input", show);
  range.addEventListener("change", keep);
  form.addEventListener("submit", (event) => { event.preventDefault(); keep(); });
  show();
})();
