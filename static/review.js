// Review by keyboard, without leaving the page. Without this script the same buttons send the same form.
const form = document.getElementById("decide");
const undo = document.getElementById("undo");
const rows = () => [...document.querySelectorAll(".cases tbody tr:not(.settled)")];
let here = null;

function goTo(row) {
  if (!row) return;
  here?.classList.remove("here");
  here = row;
  here.classList.add("here");
  here.scrollIntoView({ block: "nearest" });
}

function step(by) {
  const open = rows();
  const index = open.indexOf(here);
  goTo(open[Math.min(open.length - 1, Math.max(0, index < 0 ? 0 : index + by))]);
}

async function send(address, fields) {
  const answer = await fetch(address, { method: "POST", body: fields, headers: { Accept: "application/json" } });
  const body = await answer.json();
  if (!answer.ok) throw new Error(body.detail);
  return body;
}

function tell(sentence, at) {
  undo.hidden = false;
  undo.querySelector("[role=status]").textContent = sentence;
  undo.querySelector("button").hidden = !at;
  if (at) undo.elements.at.value = at;
}

function trouble(error) {
  tell(error instanceof TypeError ? "The site cannot be reached. Nothing was decided." : error.message, null);
}

function count(waiting) {
  const badge = document.querySelector(".staff .badge");
  if (!badge) return;
  badge.textContent = waiting.toLocaleString("en");
  badge.hidden = !waiting;
}

function settle(row, word) {
  const next = rows()[rows().indexOf(row) + 1] ?? rows()[rows().indexOf(row) - 1];
  row.classList.add("settled");
  row.querySelector("input[type=checkbox]").remove();
  row.querySelector(".end").textContent = word;
  if (here === row) {
    here = null;
    row.classList.remove("here");
    goTo(next);
  }
}

async function decide(button) {
  const row = button.closest("tr");
  const fields = new FormData(form, button);
  row.querySelectorAll("button").forEach((each) => (each.disabled = true));
  try {
    const body = await send(form.action, fields);
    settle(row, button.classList.contains("accept") ? button.textContent.replace("Accept", "Accepted:") : "Rejected");
    tell(body.said, body.at);
    count(body.waiting);
  } catch (error) {
    row.querySelectorAll("button").forEach((each) => (each.disabled = false));
    trouble(error);
  }
}

form?.addEventListener("submit", (event) => {
  if (!event.submitter?.closest("tr")) return; // the chosen ones are sent with the page
  event.preventDefault();
  decide(event.submitter);
});

const keys = {
  j: () => step(1),
  k: () => step(-1),
  x: () => here?.querySelector("input[type=checkbox]")?.click(),
  a: () => {
    const buttons = here?.querySelectorAll("button.accept") ?? [];
    if (buttons.length === 1 && !("contested" in here.dataset)) buttons[0].click();
    else buttons[0]?.focus();
  },
  r: () => here?.querySelector("button.reject")?.click(),
  u: () => !undo.hidden && undo.querySelector("button:not([hidden])")?.click(),
};

document.addEventListener("keydown", (event) => {
  const isTyping = event.target.closest("input:not([type=checkbox]), select, textarea");
  if (isTyping || event.ctrlKey || event.metaKey || event.altKey || !Object.hasOwn(keys, event.key)) return;
  event.preventDefault();
  keys[event.key]();
});

document.querySelector(".keys")?.removeAttribute("hidden");
