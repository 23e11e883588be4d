// What a finger would miss: all that can be pressed and is less than 44 px high or wide, as a list of sentences.
// As WCAG (2.5.5) does, it leaves out links within a sentence, and what has a larger target that does the same.
() => {
  const LEAST = 44;
  const PRESSED = "a[href], button, input:not([type=hidden]), select, textarea, summary, [role=button], [tabindex='0']";
  const isShown = (e) => e.checkVisibility({ visibilityProperty: true, opacityProperty: true }) && !e.closest(".skip, .visually-hidden, .scroll[tabindex], pre");
  const isInSentence = (e) => {
    if (getComputedStyle(e).display !== "inline") return false;
    const block = e.parentElement.closest("p, li, td, th, dd, dt, figcaption, caption, label, blockquote, div, section");
    return block && block.innerText.trim().length > e.innerText.trim().length + 2;
  };
  // A label that holds or names a field is pressed in its stead.
  const rectsOf = (e) => [e, ...(e.labels ?? []), ...(e.type === "file" ? [e.closest(".drop") ?? e] : [])].map((part) => part.getBoundingClientRect());
  const union = (rects) => {
    const shown = rects.filter((r) => r.width && r.height);
    return {
      width: Math.max(...shown.map((r) => r.right)) - Math.min(...shown.map((r) => r.left)),
      height: Math.max(...shown.map((r) => r.bottom)) - Math.min(...shown.map((r) => r.top)),
    };
  };
  return [...document.querySelectorAll(PRESSED)]
    .filter((e) => isShown(e) && !isInSentence(e))
    .map((e) => [e, union(rectsOf(e))])
    .filter(([, box]) => box.width > 1 && box.height > 1) // hidden until it has the focus
    .filter(([, box]) => box.height < LEAST - 0.5 || box.width < LEAST - 0.5)
    .map(([e, box]) => `${Math.round(box.width)} × ${Math.round(box.height)}: ${e.outerHTML.replace(/\s+/g, " ").slice(0, 110)}`);
}
