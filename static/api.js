/** The page to try the API: Swagger UI draws it from the API's own description; what it leaves without a name gets one. */

import { element } from "./lib/elements.js";
import { say } from "./lib/words.js";

const place = document.getElementById("swagger-ui");

/** @type {Set<string>} the ids of the requests that need a key */
const keyed = new Set();

/**
 * The id that Swagger UI gives to a request.
 * @param {string} tag
 * @param {string} method
 * @param {string} path
 */
const idOf = (tag, method, path) => `operations-${tag}-${method}${path.replaceAll(/[^a-zA-Z0-9]/g, "_")}`;

/** @param {{paths: Record<string, Record<string, {tags?: string[], security?: object[]}>>}} description */
function noteKeyed(description) {
  for (const [path, requests] of Object.entries(description.paths))
    for (const [method, { tags = ["default"], security = [] }] of Object.entries(requests))
      if (security.length && security.every((way) => Object.keys(way).length)) keyed.add(idOf(tags[0], method, path));
}

/**
 * Sets an attribute on every element that has not got it yet.
 * @param {string} selector
 * @param {string} attribute
 * @param {(found: Element) => string} valueOf
 */
function give(selector, attribute, valueOf) {
  for (const found of place.querySelectorAll(`${selector}:not([${attribute}])`))
    found.setAttribute(attribute, valueOf(found));
}

/** @param {Element} found inside a request */
const requestOf = (found) =>
  [".opblock-summary-method", ".opblock-summary-path"]
    .map((part) => found.closest(".opblock")?.querySelector(part)?.textContent ?? "")
    .join(" ");

/** Gives names and levels to what has none, and says which requests need a key. */
function mend() {
  give("h3", "aria-level", () => "2"); // the page's h1 is above
  give("h4", "aria-level", (heading) => (heading.closest(".dialog-ux") ? "3" : "2"));
  give("h5", "aria-level", () => "3");
  give("textarea", "aria-label", (area) => say("Body for %(request)s", { request: requestOf(area) }));
  give("select", "aria-label", (select) => select.closest("[data-param-name]")?.dataset.paramName ?? say("Content type"));
  give("pre", "tabindex", () => "0");
  give("table[role=region]", "aria-label", (table) => say("Responses of %(request)s", { request: requestOf(table) }));
  give(".modal-ux", "role", () => "dialog");
  give(".modal-ux", "aria-label", () => say("Your key"));
  give(".close-modal", "aria-label", () => say("Close"));
  for (const request of place.querySelectorAll(".opblock:not([data-seen])")) {
    request.dataset.seen = "";
    if (keyed.has(request.id))
      request.querySelector(".opblock-summary-description")?.append(
        element("span", { className: "badge", textContent: say("needs a key") }),
      );
  }
}

new MutationObserver(mend).observe(place, { childList: true, subtree: true });

window.SwaggerUIBundle({
  url: place.dataset.spec,
  domNode: place,
  validatorUrl: null,
  docExpansion: "list",
  defaultModelsExpandDepth: -1,
  persistAuthorization: false,
  tryItOutEnabled: true,
  responseInterceptor: (response) => {
    if (response.url.endsWith(place.dataset.spec)) noteKeyed(JSON.parse(response.text));
    return response;
  },
});
