/** Whole files: dropping one, how far upload and conversion are, and Cancel. All of it works without this script. */

import { isChanged, parsePage } from "./lib/elements.js";
import { count, duration } from "./lib/figures.js";
import { post } from "./lib/requests.js";
import { say } from "./lib/words.js";

const EVERY = 500; // milliseconds between two looks at the progress

/** @param {HTMLFormElement} form where a file is chosen, or dropped */
function prepareUpload(form) {
  const drop = form.querySelector(".drop");
  const input = form.querySelector("input[type=file]");
  const words = form.querySelector("[data-drop-words]");

  const problem = form.querySelector("#file-problem");
  const most = Number(form.dataset.most);

  /** @param {string} sentence why the file is refused, or nothing; the file stays chosen */
  function tell(sentence) {
    problem.hidden = !sentence;
    problem.textContent = sentence;
    input.removeAttribute("aria-invalid");
    input.removeAttribute("aria-describedby");
    if (!sentence) return;
    input.setAttribute("aria-invalid", "true");
    input.setAttribute("aria-describedby", problem.id);
  }

  function send() {
    tell("");
    words.textContent = input.files[0].name;
    if (input.files[0].size > most * 2 ** 20) return tell(say("A file may have up to %(most)s MB.", { most: count(most) }));
    upload(form, (page) => tell(findRefusal(page)));
  }

  words.textContent = say("Drop a CSV, TSV or XLSX file here, or choose one");
  for (const kind of ["dragenter", "dragover", "dragleave", "drop"]) {
    drop.addEventListener(kind, (event) => {
      event.preventDefault();
      drop.classList.toggle("over", kind === "dragenter" || kind === "dragover");
    });
  }
  drop.addEventListener("drop", (event) => {
    if (!event.dataTransfer.files.length) return;
    input.files = event.dataTransfer.files;
    send();
  });
  input.addEventListener("change", () => {
    if (input.files.length) send();
  });
  form.addEventListener("submit", (event) => {
    if (!input.files.length) return;
    event.preventDefault();
    send();
  });
}

/**
 * Sends a form with its file, and shows how far that is. `fetch` does not tell of an upload's progress.
 * @param {HTMLFormElement} form
 * @param {(page: string) => void} onRefused is given the page that the server refused with
 */
function upload(form, onRefused) {
  const shown = form.querySelector("[data-upload]");
  const bar = shown.querySelector("progress");
  const state = shown.querySelector("span");
  const request = new XMLHttpRequest();
  shown.hidden = false;
  state.textContent = say("Sending …");
  request.upload.addEventListener("progress", (event) => {
    bar.value = event.loaded / event.total;
    if (event.loaded === event.total) state.textContent = say("Looking at it …");
  });
  request.addEventListener("load", () => {
    if (request.status === 200) return location.assign(request.responseURL);
    shown.hidden = true;
    onRefused(request.responseText);
  });
  request.addEventListener("error", () => {
    state.textContent = say("The connection broke. Try again.");
  });
  request.open("POST", form.action);
  request.setRequestHeader("Accept", "text/html");
  request.send(new FormData(form));
}

/**
 * Finds the sentence of a page that refuses a file.
 * @param {string} page
 * @returns {string}
 */
function findRefusal(page) {
  const refused = parsePage(page);
  const sentence = refused.querySelector("[role=alert]:not([hidden])") ?? refused.querySelector("main p");
  return sentence?.textContent.trim() || say("That did not work. Try again.");
}

/**
 * Shows the first rows anew as soon as something is chosen, as the button "Show it so" does.
 * @param {HTMLFormElement} form
 */
function prepareChoices(form) {
  form.addEventListener("change", (event) => showAnew(form, /** @type {HTMLElement} */ (event.target).id));
}

/**
 * @param {HTMLFormElement} form
 * @param {string} [changed] the id of the field that keeps the focus
 */
async function showAnew(form, changed) {
  const address = `${form.dataset.show}?${new URLSearchParams(new FormData(form))}`;
  const answer = await fetch(address, { headers: { Accept: "text/html" } });
  const main = parsePage(await answer.text()).querySelector("main[data-file]");
  if (!main) return location.assign(address);
  history.replaceState(null, "", address);
  document.querySelector("main[data-file]").replaceWith(main);
  prepareFile();
  if (changed) document.getElementById(changed)?.focus();
}

/** @param {HTMLFormElement} form that asks for the file with its guesses; the browser saves the answer as it comes */
function prepareConversion(form) {
  const shown = form.querySelector("[data-running]");
  const bar = shown.querySelector("progress");
  const words = shown.querySelector("[data-words]");
  const detail = shown.querySelector("[data-detail]");
  const cancel = shown.querySelector("[data-cancel]");
  const button = form.querySelector("button.primary:not([data-again])");
  /** @type {number | undefined} */
  let timer;

  /** @param {boolean} isRunning */
  function setRunning(isRunning) {
    clearInterval(timer);
    if (isRunning) timer = setInterval(look, EVERY);
    cancel.hidden = !isRunning;
    if (button) button.disabled = isRunning;
  }

  async function look() {
    let progress;
    try {
      progress = await (await fetch(form.dataset.progress, { headers: { Accept: "application/json" } })).json();
    } catch {
      return; // the next look may find it
    }
    bar.value = progress.share;
    const sentences = describe(progress);
    if (sentences) [words.textContent, detail.textContent] = sentences;
    if (["finished", "stopped"].includes(progress.state)) setRunning(false);
  }

  form.addEventListener("submit", (event) => {
    if (event.submitter?.matches("[data-again]")) return;
    shown.hidden = false;
    bar.value = 0;
    words.textContent = say("Reading …");
    detail.textContent = "";
    setRunning(true);
  });
  cancel.addEventListener("click", () => {
    post(form.dataset.stop, { csrf_token: form.dataset.token });
    words.textContent = say("Stopping …");
  });
}

/**
 * Says how far a conversion is.
 * @param {{state: string, rows: number, seconds: number, share: number}} progress
 * @returns {[string, string] | null} what is done, and more about it
 */
function describe({ state, rows, seconds, share }) {
  const done = { n: count(rows) };
  const speed = say("%(n)s rows a second", { n: count(rows / Math.max(seconds, 0.1)) });
  if (state === "finished") {
    return [say("Done: %(n)s rows.", done), `${speed}. ${say("The file is where your browser saves downloads.")}`];
  }
  if (state === "stopped") return [say("Stopped before its end. What was saved of it is not whole."), ""];
  if (state !== "running" || !rows) return null;
  const left = share > 0.01 ? `, ${say("about %(time)s left", { time: duration(seconds / share - seconds) })}` : "";
  return [say("%(n)s rows", done), speed + left];
}

const uploading = document.querySelector("form[data-batch]");
if (uploading) prepareUpload(uploading);

/** Prepares the page of one file; again whenever it was shown anew. */
function prepareFile() {
  const form = document.querySelector("form[data-convert]");
  if (!form) return;
  prepareConversion(form);
  prepareChoices(form);
}
prepareFile();

// Chosen before this script was there, or put back by a browser that remembers.
const shown = document.querySelector("form[data-convert]");
if (shown && isChanged(shown.elements)) showAnew(shown, document.activeElement?.id);
