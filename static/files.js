/** Whole files: dropping one, how far upload and conversion are, and Cancel. All of it works without this script. */

import { alertBox, parsePage } from "./lib/elements.js";
import { count, duration } from "./lib/figures.js";
import { post } from "./lib/requests.js";

const EVERY = 500; // milliseconds between two looks at the progress

/** @param {HTMLFormElement} form where a file is chosen, or dropped */
function prepareUpload(form) {
  const drop = form.querySelector(".drop");
  const input = form.querySelector("input[type=file]");
  const words = form.querySelector("[data-drop-words]");

  function send() {
    words.textContent = input.files[0].name;
    upload(form, (page) => {
      input.value = "";
      words.textContent = "Drop another file here, or choose one";
      showRefusal(form, page);
    });
  }

  words.textContent = "Drop a CSV, TSV or XLSX file here, or choose one";
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
  state.textContent = "Sending …";
  request.upload.addEventListener("progress", (event) => {
    bar.value = event.loaded / event.total;
    if (event.loaded === event.total) state.textContent = "Looking at it …";
  });
  request.addEventListener("load", () => {
    if (request.status === 200) return location.assign(request.responseURL);
    shown.hidden = true;
    onRefused(request.responseText);
  });
  request.addEventListener("error", () => {
    state.textContent = "The connection broke. Try again.";
  });
  request.open("POST", form.action);
  request.setRequestHeader("Accept", "text/html");
  request.send(new FormData(form));
}

/**
 * @param {HTMLFormElement} form
 * @param {string} page that the server refused with
 */
function showRefusal(form, page) {
  const sentence = parsePage(page).querySelector("[role=alert], main p");
  document.querySelector("[role=alert]")?.remove();
  form.before(alertBox(sentence ? sentence.textContent : "That did not work. Try again."));
}

/** @param {HTMLFormElement} form that asks for the file with its guesses; the browser saves the answer as it comes */
function prepareConversion(form) {
  const shown = form.querySelector("[data-running]");
  const bar = shown.querySelector("progress");
  const words = shown.querySelector("[data-words]");
  const detail = shown.querySelector("[data-detail]");
  const cancel = shown.querySelector("[data-cancel]");
  const button = form.querySelector("button.primary");
  /** @type {number | undefined} */
  let timer;

  /** @param {boolean} isRunning */
  function setRunning(isRunning) {
    clearInterval(timer);
    if (isRunning) timer = setInterval(look, EVERY);
    cancel.hidden = !isRunning;
    button.disabled = isRunning;
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

  form.addEventListener("submit", () => {
    shown.hidden = false;
    bar.value = 0;
    words.textContent = "Reading …";
    detail.textContent = "";
    setRunning(true);
  });
  cancel.addEventListener("click", () => {
    post(form.dataset.stop, { csrf_token: form.dataset.token });
    words.textContent = "Stopping …";
  });
}

/**
 * Says how far a conversion is.
 * @param {{state: string, rows: number, seconds: number, share: number}} progress
 * @returns {[string, string] | null} what is done, and more about it
 */
function describe({ state, rows, seconds, share }) {
  const speed = `${count(rows / Math.max(seconds, 0.1))} rows a second`;
  if (state === "finished") {
    return [`Done: ${count(rows)} rows.`, `${speed}. The file is where your browser saves downloads.`];
  }
  if (state === "stopped") return ["Stopped before its end. What was saved of it is not whole.", ""];
  if (state !== "running" || !rows) return null;
  const left = share > 0.01 ? `, about ${duration(seconds / share - seconds)} left` : "";
  return [`${count(rows)} rows`, speed + left];
}

const uploading = document.querySelector("form[data-batch]");
if (uploading) prepareUpload(uploading);
const converting = document.querySelector("form[data-convert]");
if (converting) prepareConversion(converting);
