// What is wrong with the page in the window, as a list of sentences.
() => {
  const faults = [];
  const all = (selector) => [...document.querySelectorAll(selector)];
  const isShown = (e) => e.checkVisibility({ visibilityProperty: true }) && !e.closest(".skip, .visually-hidden");
  const isNamed = (e) => e.labels?.length || e.ariaLabel || e.getAttribute("aria-labelledby") || e.title;
  const hasWords = (e) => e.innerText.trim() || e.ariaLabel || e.querySelector("[aria-label]");
  const report = (selector, isFault, words) =>
    all(selector).filter(isFault).forEach((e) => faults.push(`${words}: ${e.outerHTML.slice(0, 120)}`));

  const beyond = document.documentElement.scrollWidth - innerWidth;
  if (beyond > 0) faults.push(`scrolls by ${beyond}px`);
  if (all("main").length !== 1) faults.push("not one main element");
  if (all("main h1").length !== 1) faults.push("not one heading of the first rank");
  if (!document.title.includes("Nomen")) faults.push("no title");
  report("input:not([type=hidden]), select, textarea", (e) => !isNamed(e), "a field without a name");
  report("button, a[href]", (e) => isShown(e) && !hasWords(e), "nothing to read on");
  report("main button:not(.chip, .quiet)", (e) => isShown(e) && e.offsetHeight > 1 && e.offsetHeight < 44, "too low");
  report("svg:not([aria-hidden], [role], [role] *, #js-plotly-tester), img:not([alt])", () => true, "a picture that is not told");
  const ids = all("[id]").map((e) => e.id);
  new Set(ids.filter((id, at) => ids.indexOf(id) !== at)).forEach((id) => faults.push(`twice on the page: #${id}`));
  return faults;
}
