/** Sentences and figures in the language of the page; the server's way is webapp/languages. */

/** The language of the page. */
export const language = document.documentElement.lang || "en";

/** @type {Record<string, string>} by the sentence in English; a page in English holds none */
const sentences = JSON.parse(document.getElementById("words")?.textContent ?? "{}");

/**
 * Returns a sentence in the language of the page. Its places are written `%(name)s`, as the catalogues have them.
 * @param {string} sentence in English
 * @param {Record<string, string | number>} [parts] by the name of their place
 */
export const say = (sentence, parts = {}) =>
  (sentences[sentence] ?? sentence).replace(/%\((\w+)\)s/g, (_, name) => String(parts[name]));
