// The places in the page of all that the keyboard has to reach; of a group of radio buttons it is the chosen one.
() => {
  const isOfAnother = (e) => e.type === "radio" && !e.checked && document.querySelector(`input[name="${e.name}"]:checked`);
  const all = [...document.querySelectorAll("*")];
  return [...document.querySelectorAll("a[href], button, input:not([type=hidden]), select, textarea, summary")]
    .filter((e) => e.checkVisibility({ visibilityProperty: true }) && !e.disabled && e.tabIndex >= 0 && !isOfAnother(e))
    .map((e) => all.indexOf(e));
}
