/** Elements made or found, and text made harmless. */

/**
 * Makes an element.
 * @template {keyof HTMLElementTagNameMap} T
 * @param {T} tag
 * @param {Partial<HTMLElementTagNameMap[T]>} [properties] such as className and textContent
 * @param {(Node | string)[]} children
 * @returns {HTMLElementTagNameMap[T]}
 */
export function element(tag, properties = {}, ...children) {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children);
  return made;
}

/**
 * Makes the box in which a page says what went wrong; screen readers say it at once.
 * @param {string} sentence
 * @returns {HTMLElement}
 */
export function alertBox(sentence) {
  const box = element("p", { className: "notice bad", textContent: sentence });
  box.setAttribute("role", "alert");
  return box;
}

/**
 * Reads a page that came as text.
 * @param {string} html
 * @returns {Document}
 */
export const parsePage = (html) => new DOMParser().parseFromString(html, "text/html");

/**
 * Reads the JSON that a page holds in a <script type="application/json">.
 * @param {ParentNode} within
 * @param {string} selector
 * @returns {any}
 */
export const readJson = (within, selector = "script[type='application/json']") =>
  JSON.parse(within.querySelector(selector)?.textContent ?? "null");

/**
 * Returns text that a library which takes markup shows as it is.
 * @param {string} text
 */
export const escapeMarkup = (text) => text.replace(/&/g, "&amp;").replace(/</g, "&lt;");

/**
 * Says whether a field holds something else than the page came with: it was filled in before the script was
 * there, or put back by a browser that remembers.
 * @param {Iterable<Element>} fields
 */
export function isChanged(fields) {
  return [...fields].some((field) => {
    if (field instanceof HTMLSelectElement) {
      const came = [...field.options].findIndex((option) => option.defaultSelected);
      return field.selectedIndex !== Math.max(0, came);
    }
    if (!(field instanceof HTMLInputElement)) return false;
    return field.checked !== field.defaultChecked || field.value !== field.defaultValue;
  });
}
