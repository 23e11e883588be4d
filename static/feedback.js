/** An answer to a guess is given, and taken back, without leaving the page. Without this script the form does it. */

import { alertBox, element } from "./lib/elements.js";
import { postForJson, sentenceOf } from "./lib/requests.js";
import { say } from "./lib/words.js";

/**
 * What the server says to an answer.
 * @typedef {{thanks: string, prospect: string, story: string, undo: string, next: {name: string, url: string}}} Thanks
 */

const result = document.getElementById("result");

/**
 * @param {Element} beside
 * @param {unknown} error
 */
function showFailure(beside, error) {
  result.querySelector(".notice")?.remove();
  beside.before(alertBox(sentenceOf(error, say("Your answer was not sent."))));
}

/**
 * Makes the block that takes the form's place.
 * @param {Thanks} thanks
 * @param {HTMLFormElement} form to be put back when the answer is undone
 */
function thanksBlock(thanks, form) {
  const undo = element("button", { className: "quiet", textContent: say("Undo") });
  const block = element(
    "div",
    { className: "thanks" },
    element("h2", { tabIndex: -1, textContent: thanks.thanks }),
    element("p", { className: "quiet", textContent: thanks.prospect }),
    element(
      "div",
      { className: "actions" },
      element("a", { className: "button primary", href: thanks.next.url, textContent: say("Next: %(name)s", { name: thanks.next.name }) }),
      undo,
    ),
    element(
      "p",
      { className: "quiet small" },
      element("a", { href: result.dataset.history, textContent: say("Your answers") }),
      " · ",
      element("a", { href: thanks.story, textContent: say("The story of this answer") }),
    ),
  );
  undo.addEventListener("click", () => takeBack(thanks.undo, block, form));
  return block;
}

/**
 * @param {HTMLFormElement} form
 * @param {string} answer
 */
async function give(form, answer) {
  const fields = new FormData(form);
  fields.set("answer", answer);
  try {
    const block = thanksBlock(await postForJson(form.action, fields), form);
    form.replaceWith(block);
    block.querySelector("h2").focus();
  } catch (error) {
    showFailure(form, error);
  }
}

/**
 * @param {string} address
 * @param {HTMLElement} block
 * @param {HTMLFormElement} form
 */
async function takeBack(address, block, form) {
  try {
    await postForJson(address, { csrf_token: form.elements.csrf_token.value });
    block.replaceWith(form);
    form.querySelector("button").focus();
  } catch (error) {
    showFailure(block.querySelector(".actions"), error);
  }
}

result.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches(".answers") || !form.elements.token) return; // guessing.js sends it once the token is there
  event.preventDefault();
  give(form, event.submitter.value);
});
