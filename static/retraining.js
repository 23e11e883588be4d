/** How long a run would take, told anew as settings are changed. Without this script a button asks. */

import { postForJson, sentenceOf } from "./lib/requests.js";
import { say } from "./lib/words.js";

const PAUSE = 300; // milliseconds without a change after which the server is asked

const form = document.getElementById("retraining");
const ask = document.getElementById("ask-how-long");
const sentence = document.getElementById("how-long");

/** @type {number | undefined} */
let waiting;
let asked = 0;

async function tell() {
  const mine = ++asked;
  /** @type {string} */
  let said;
  try {
    said = (await postForJson(ask.formAction, new FormData(form))).said;
  } catch (error) {
    said = sentenceOf(error, say("How long it takes is not known."));
  }
  if (mine === asked) sentence.textContent = said; // else something was changed meanwhile
}

form?.addEventListener("input", () => {
  clearTimeout(waiting);
  waiting = setTimeout(tell, PAUSE);
});
ask?.setAttribute("hidden", "");
