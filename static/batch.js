// Whole files: dropping, the upload's and the conversion's progress, and Cancel. All of it works without.
"use strict";

const number = new Intl.NumberFormat("en");

function duration(seconds) {
  if (seconds < 1.5) return "a second";
  if (seconds < 90) return `${Math.round(seconds)} seconds`;
  return `${Math.round(seconds / 60)} minutes`;
}

const upload = document.querySelector("[data-batch]");
if (upload) {
  const drop = upload.querySelector(".drop");
  const input = upload.querySelector("input[type=file]");
  const words = upload.querySelector("[data-drop-words]");
  words.textContent = "Drop a CSV, TSV or XLSX file here, or choose one";
  for (const kind of ["dragenter", "dragover"]) {
    drop.addEventListener(kind, (event) => { event.preventDefault(); drop.classList.add("over"); });
  }
  for (const kind of ["dragleave", "drop"]) {
    drop.addEventListener(kind, (event) => { event.preventDefault(); drop.classList.remove("over"); });
  }
  drop.addEventListener("drop", (event) => {
    if (!event.dataTransfer.files.length) return;
    input.files = event.dataTransfer.files;
    input.dispatchEvent(new Event("change"));
  });
  input.addEventListener("change", () => {
    if (!input.files.length) return;
    words.textContent = input.files[0].name;
    send();
  });
  upload.addEventListener("submit", (event) => {
    if (input.files.length) { event.preventDefault(); send(); }
  });

  function send() {
    const shown = upload.querySelector("[data-upload]");
    const bar = shown.querySelector("progress");
    const told = shown.querySelector("span");
    const request = new XMLHttpRequest();
    shown.hidden = false;
    told.textContent = "Sending …";
    request.upload.addEventListener("progress", (event) => {
      bar.value = event.loaded / event.total;
      if (event.loaded === event.total) told.textContent = "Looking at it …";
    });
    request.addEventListener("load", () => {
      if (request.status === 200) { location.assign(request.responseURL); return; }
      shown.hidden = true;
      input.value = "";
      fail(request);
    });
    request.addEventListener("error", () => { told.textContent = "The connection broke. Try again."; });
    request.open("POST", upload.action);
    request.setRequestHeader("Accept", "text/html");
    request.send(new FormData(upload));
  }

  function fail(request) {
    const page = new DOMParser().parseFromString(request.responseText, "text/html");
    const sentence = page.querySelector("[role=alert], main p");
    let notice = document.querySelector("[role=alert]");
    if (!notice) {
      notice = document.createElement("p");
      notice.className = "notice bad";
      notice.setAttribute("role", "alert");
      upload.before(notice);
    }
    notice.textContent = sentence ? sentence.textContent : "That did not work. Try again.";
    words.textContent = "Drop another file here, or choose one";
  }
}

const convert = document.querySelector("[data-convert]");
if (convert) {
  const shown = convert.querySelector("[data-running]");
  const bar = shown.querySelector("progress");
  const words = shown.querySelector("[data-words]");
  const detail = shown.querySelector("[data-detail]");
  const cancel = shown.querySelector("[data-cancel]");
  const button = convert.querySelector("button.primary");
  let timer = 0;

  // The browser saves the answer as it comes; this only shows how far it is.
  convert.addEventListener("submit", () => {
    shown.hidden = false;
    cancel.hidden = false;
    bar.value = 0;
    words.textContent = "Reading …";
    detail.textContent = "";
    button.disabled = true;
    clearInterval(timer);
    timer = setInterval(look, 500);
  });
  cancel.addEventListener("click", () => {
    const form = new FormData();
    form.append("csrf_token", convert.dataset.token);
    fetch(convert.dataset.stop, { method: "POST", body: form });
    words.textContent = "Stopping …";
  });

  async function look() {
    let now;
    try {
      now = await (await fetch(convert.dataset.progress, { headers: { Accept: "application/json" } })).json();
    } catch { return; }
    bar.value = now.share;
    const speed = now.rows / Math.max(now.seconds, 0.1);
    if (now.state === "running" && now.rows) {
      const left = now.share > 0.01 ? `, about ${duration(now.seconds / now.share - now.seconds)} left` : "";
      words.textContent = `${number.format(now.rows)} rows`;
      detail.textContent = `${number.format(Math.round(speed))} rows a second${left}`;
    } else if (now.state === "finished") {
      words.textContent = `Done: ${number.format(now.rows)} rows.`;
      detail.textContent = `${number.format(Math.round(speed))} rows a second. The file is where your browser saves downloads.`;
      end();
    } else if (now.state === "stopped") {
      words.textContent = "Stopped before its end. What was saved of it is not whole.";
      detail.textContent = "";
      end();
    }
  }

  function end() {
    clearInterval(timer);
    cancel.hidden = true;
    button.disabled = false;
  }
}
