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
