// What has the focus: its place in the page, its beginning, and whether one sees that it has it. Null where nothing has.
() => {
  const focused = document.activeElement;
  if (!focused || focused === document.body) return null;
  const hasRing = (e) => {
    const style = getComputedStyle(e);
    return style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
  };
  // The one large field of the guess page has a second line below its own instead.
  const hasLine = getComputedStyle(focused).boxShadow.includes("0px 3px");
  const seen = hasLine || [focused, focused.closest("label") ?? focused].some(hasRing);
  return { seen, what: focused.outerHTML.slice(0, 90), key: [...document.querySelectorAll("*")].indexOf(focused) };
}
