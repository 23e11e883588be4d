/** The guess page: the guess follows the typing; when that rests, the page itself is fetched for its answer token. */

import { element, isChanged, parsePage } from "./lib/elements.js";
import { say } from "./lib/words.js";

const LIVE = 200; // milliseconds after the last key, until a guess is asked for
const RESTED = 1000; // until the page is fetched, and the guess is told to screen readers
const RESTED_ON_ENTER = 400;
const BETWEEN_TILES = 60;
const LONGEST = 64; // letters that the field makes itself smaller for

const ask = document.getElementById("ask");
const field = document.getElementById("name");
const result = document.getElementById("result");
const says = document.getElementById("says");

/** What is shown has rested: the next guess gets an entry of its own in the history, so that Back leads here. */
let isRested = true;

/** @type {number[]} */
let timers = [];
let requests = new AbortController();
/** @type {Promise<void> | null} the fetch of the page with the token, once it has begun */
let fetchingToken = null;

const form = document.getElementById("form");
const country = document.getElementById("country");
const chosenBefore = country.value;

/** Anywhere is said, too, where another country was chosen before: the choice is remembered. */
const countryOf = () => (country.value || chosenBefore ? `&country=${country.value}` : "");

/**
 * @param {string} path
 * @param {string} name
 */
const addressOf = (path, name) =>
  `${path}?name=${encodeURIComponent(name)}${form.value === "given" ? "" : `&form=${form.value}`}${countryOf()}`;

const shownLetters = () => [...result.querySelectorAll(".tile")].map((tile) => tile.textContent.toLowerCase());

/** Makes the field's letters smaller for long names; the sizes are in guessing.css. */
function fitField() {
  const length = Math.min(LONGEST, field.value.length);
  field.className = `len-${Math.ceil(length / 8) * 8}`;
}

/**
 * Shows a guess. Tiles that were there before stay; the new ones arrive one after another.
 * @param {string} html
 */
function show(html) {
  const before = shownLetters();
  result.innerHTML = html;
  const letters = shownLetters();
  const firstNew = letters.findIndex((letter, index) => before[index] !== letter);
  const unchanged = firstNew < 0 ? letters.length : firstNew;
  result.querySelectorAll(".tiles li").forEach((tile, index) => {
    tile.style.animationDelay = `${Math.max(0, index - unchanged) * BETWEEN_TILES}ms`;
    if (index < unchanged) tile.style.animationName = "none";
  });
  result.classList.remove("late");
}

/** @param {string} sentence */
function showRefusal(sentence) {
  result.replaceChildren(element("p", { className: "refusal", textContent: sentence }));
  result.classList.remove("late");
}

/**
 * Puts an address into the history: in place of the one that was only typed through, or after one that rested.
 * @param {string} address
 */
function remember(address) {
  if (isRested && address !== location.pathname + location.search) history.pushState(null, "", address);
  else history.replaceState(null, "", address);
  isRested = false;
}

/**
 * Shows the guess for a name.
 * @param {string} name
 * @returns {Promise<string>} the guess in a sentence, for screen readers
 */
async function guess(name) {
  const answer = await fetch(addressOf(ask.dataset.live, name), { signal: requests.signal });
  const body = await answer.json();
  if (body.html) show(body.html);
  else showRefusal(body.detail);
  field.setAttribute("aria-invalid", String(!answer.ok));
  remember(addressOf(ask.action, name));
  document.title = `${name.trim()} · Nomen`;
  return body.says;
}

/**
 * Fetches the whole page, which holds the token. Only what the form lacks is taken from it, so the focus stays.
 * @param {string} name
 */
async function fetchToken(name) {
  const answer = await fetch(addressOf(ask.action, name), { signal: requests.signal });
  if (!answer.ok) return;
  const page = parsePage(await answer.text());
  const fetched = page.querySelector("#result .result");
  const shown = result.querySelector(".result");
  if (!shown || shown.dataset.guess !== fetched.dataset.guess) show(page.getElementById("result").innerHTML);
  else shown.querySelector("form")?.prepend(...fetched.querySelectorAll("form input[type=hidden]"));
}

/**
 * Lets a request that was given up for a newer one end without a word; any other failure is shown.
 * @template T
 * @param {Promise<T>} request
 * @returns {Promise<T | void>}
 */
function showFailure(request) {
  return request.catch((error) => {
    if (error.name !== "AbortError") showRefusal(say("The site cannot be reached. Check your connection and type on."));
  });
}

function giveUpRequests() {
  timers.forEach(clearTimeout);
  requests.abort();
  requests = new AbortController();
  fetchingToken = null;
}

/**
 * @param {string} name
 * @returns {Promise<void>} that ends when the token is there
 */
function ensureToken(name) {
  fetchingToken ??= showFailure(fetchToken(name));
  return fetchingToken;
}

function clear() {
  result.replaceChildren(document.getElementById("start").content.cloneNode(true));
  result.classList.remove("late");
  says.textContent = "";
  remember(ask.action);
}

/**
 * Guesses what the field holds.
 * @param {number} wait milliseconds until the guess is asked for
 * @param {number} rested milliseconds until the typing counts as rested
 */
function follow(wait, rested) {
  giveUpRequests();
  fitField();
  const name = field.value;
  if ([...name.trim()].length < 2 && /^[\p{Ll}\p{Lu}]?$/u.test(name.trim())) return clear(); // an initial, so far
  result.classList.add("late");
  let sentence = "";
  timers = [
    setTimeout(() => showFailure(guess(name).then((text) => (sentence = text))), wait),
    setTimeout(() => {
      says.textContent = sentence;
      isRested = true;
      ensureToken(name);
    }, rested),
  ];
}

/**
 * Sends an answer that was clicked before the token was there.
 * @param {SubmitEvent} event
 */
async function sendWithToken(event) {
  const form = event.target;
  if (form.elements.token) return;
  event.preventDefault();
  await ensureToken(field.value);
  if (form.isConnected && form.elements.token) form.requestSubmit(event.submitter);
}

addEventListener("popstate", () => {
  field.value = new URLSearchParams(location.search).get("name") ?? "";
  isRested = false; // this entry is in the history already
  follow(0, RESTED_ON_ENTER);
});
field.addEventListener("input", () => follow(LIVE, RESTED));
form.addEventListener("change", () => follow(0, RESTED_ON_ENTER));
country.addEventListener("change", () => follow(0, RESTED_ON_ENTER));
ask.addEventListener("submit", (event) => {
  event.preventDefault();
  follow(0, RESTED_ON_ENTER);
});
result.addEventListener("submit", sendWithToken);
if (isChanged([field, form, country])) follow(0, RESTED);
