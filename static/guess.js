// The guess follows the typing; when it rests, the answer's token is fetched with the page itself.
const ask = document.getElementById("ask");
const field = document.getElementById("name");
const result = document.getElementById("result");
const says = document.getElementById("says");
const LIVE = 200; // ms after the last key
const SETTLED = 1000;

let timers = [];
let asked = new AbortController();
let settling = null;

const address = (path, name) => `${path}?name=${encodeURIComponent(name)}`;
const letters = () => [...result.querySelectorAll(".tile")].map((tile) => tile.textContent.toLowerCase());

function fit() {
  const longest = Math.min(64, field.value.length);
  field.className = `len-${Math.ceil(longest / 8) * 8}`;
}

// Tiles that were there before stay; the new ones arrive one after another.
function show(html) {
  const before = letters();
  result.innerHTML = html;
  let kept = 0;
  letters().forEach((letter, index) => {
    if (kept === index && before[index] === letter) kept += 1;
  });
  result.querySelectorAll(".tiles li").forEach((item, index) => {
    item.style.animationDelay = `${Math.max(0, index - kept) * 60}ms`;
    if (index < kept) item.style.animationName = "none";
  });
  result.classList.remove("late");
}

function tell(sentence) {
  const line = document.createElement("p");
  line.className = "refusal";
  line.textContent = sentence;
  result.replaceChildren(line);
  result.classList.remove("late");
}

async function live(name) {
  const answer = await fetch(address(ask.dataset.live, name), { signal: asked.signal });
  const body = await answer.json();
  if (body.html) show(body.html);
  else tell(body.detail);
  field.setAttribute("aria-invalid", String(!answer.ok));
  history.replaceState(null, "", address(ask.action, name));
  document.title = `${name.trim()} · Nomen`;
  return body.says;
}

// The whole page holds the token: what the form lacks is taken from there, so the focus stays where it is.
async function settle(name) {
  const answer = await fetch(address(ask.action, name), { signal: asked.signal });
  if (!answer.ok) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const fresh = page.querySelector("#result .result");
  const shown = result.querySelector(".result");
  if (!shown || shown.dataset.guess !== fresh.dataset.guess) show(page.getElementById("result").innerHTML);
  else shown.querySelector("form")?.prepend(...fresh.querySelectorAll("form input[type=hidden]"));
}

function quietly(work) {
  return work.catch((error) => {
    if (error.name !== "AbortError") tell("The site cannot be reached. Check your connection and type on.");
  });
}

function restart() {
  timers.forEach(clearTimeout);
  asked.abort();
  asked = new AbortController();
  settling = null;
}

function startSettling(name) {
  settling ??= quietly(settle(name));
  return settling;
}

function follow(wait) {
  restart();
  fit();
  const name = field.value;
  if (!name.trim()) {
    result.replaceChildren();
    says.textContent = "";
    history.replaceState(null, "", ask.action);
    return;
  }
  result.classList.add("late");
  let sentence = "";
  timers = [
    setTimeout(() => quietly(live(name).then((words) => (sentence = words))), wait),
    setTimeout(() => {
      says.textContent = sentence;
      startSettling(name);
    }, wait ? SETTLED : 400),
  ];
}

field.addEventListener("input", () => follow(LIVE));
ask.addEventListener("submit", (event) => {
  event.preventDefault();
  follow(0);
});
result.addEventListener("submit", async (event) => {
  const form = event.target;
  if (form.elements.token) return;
  event.preventDefault();
  await startSettling(field.value);
  if (form.isConnected && form.elements.token) form.requestSubmit(event.submitter);
});
