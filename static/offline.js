/** The page that guesses in the browser, with the network that is kept there. */

import { element } from "./lib/elements.js";
import { readNetwork } from "./lib/network.js";
import { canKeep, keepNetwork, keepPage, keptBytes, keptNetwork, removeAll } from "./lib/offline.js";
import { percent } from "./lib/figures.js";
import { say } from "./lib/words.js";

const main = document.getElementById("offline");
const { about, page, worker } = main.dataset;
const kept = document.getElementById("kept");
const keep = document.getElementById("keep");
const remove = document.getElementById("remove");
const ask = document.getElementById("ask");
const field = document.getElementById("name");
const result = document.getElementById("result");

const EDGE = 1e-6; // as training/names/several.py has it
/** Letters that are more than a letter with a mark; the rest is taken apart by Unicode. */
const SPELLED = { ß: "ss", æ: "ae", œ: "oe", ø: "o", ł: "l", đ: "d", ð: "d", þ: "th", ı: "i", ħ: "h" };

/** @type {import("./lib/network.js").Network | null} */
let network = null;
/** @type {import("./lib/offline.js").About | undefined} */
let known;

/**
 * Spells a name as the network reads it.
 * @param {string} text
 */
function spell(text) {
  const plain = text
    .trim()
    .toLowerCase()
    .replace(/[ßæœøłđðþıħ]/g, (letter) => SPELLED[letter])
    .normalize("NFD")
    .replace(/\p{M}/gu, "")
    .replace(/[’‘ʼ`´]/g, "'")
    .replace(/[‐‑‒–—―]/g, "-");
  return plain.replace(/([' -])[' -]+/g, "$1").replace(/^[' -]+|[' -]+$/g, "");
}

/** @param {number} share */
function logOdds(share) {
  const inside = Math.min(Math.max(share, EDGE), 1 - EDGE);
  return Math.log(inside / (1 - inside));
}

/**
 * Returns the share of women of a name: of several given names, what all say and a little of the first alone.
 * @param {string} name
 * @param {number} whole
 */
function combined(name, whole) {
  const [first, ...more] = name.split(" ");
  if (!more.length || first.length < 2 || known.read_whole.includes(name)) return whole;
  const odds = (1 - known.first_part) * logOdds(whole) + known.first_part * logOdds(network.trace(first).at(-1));
  return 1 / (1 + Math.exp(-odds));
}

/** @param {number} share */
function inWords(share) {
  if (Math.abs(Math.round(share * 100) - 50) <= known.even) return say("Women and men alike");
  const surer = Math.max(share, 1 - share);
  const n = Math.round(surer * 100);
  const hundredths = surer >= 0.995 ? say("more than 99 in 100") : say("about %(n)s in 100", { n });
  return share > 0.5 ? say("Mostly women: %(share)s", { share: hundredths }) : say("Mostly men: %(share)s", { share: hundredths });
}

/**
 * @param {string} letter
 * @param {number} share
 */
function tile(letter, share) {
  const step = `p-${Math.round(share * 20) * 5}`;
  return element(
    "li",
    {},
    element("span", { className: `tile ${step}`, textContent: letter }),
    element("span", { className: "tile-share", textContent: percent(share) }),
  );
}

function guess() {
  const name = spell(field.value);
  if (!/^[a-z' -]+$/.test(name) || name.length < 2) {
    const sentence = say("Without the site, names in Latin letters can be read here.");
    result.replaceChildren(name ? element("p", { className: "refusal", textContent: sentence }) : "");
    return;
  }
  const trace = network.trace(name);
  const share = combined(name, trace.at(-1));
  const tiles = element("ol", {}, ...[...name].map((letter, index) => tile(letter, trace[index])));
  tiles.dir = "auto"; // A name runs as its own letters do, whatever the page's language.
  tiles.setAttribute("aria-label", say("The share of women, guessed after each letter"));
  result.replaceChildren(
    element("div", { className: "tiles" }, tiles),
    element("h2", { className: "headline", textContent: inWords(share) }),
    element("p", { className: "quiet small", textContent: say("Guessed on this device by %(version)s.", known) }),
  );
  result.dataset.share = String(share);
}

/** Shows what is kept, and the form if a network is. */
async function show() {
  known = await keptNetwork(about);
  network = known ? readNetwork(await keptBytes(known)) : null;
  keep.hidden = Boolean(known);
  remove.hidden = ask.hidden = !known;
  const isAway = location.pathname !== page;
  const away = isAway ? `${say("The site cannot be reached.")} ` : "";
  const nothing = isAway ? say("Its network is not kept on this device.") : say("Nothing is kept on this device yet.");
  kept.textContent = away + (known ? say("%(version)s is kept on this device and guesses here.", known) : nothing);
  if (isAway) keep.hidden = remove.hidden = true;
  field.value = new URLSearchParams(location.search).get("name") ?? "";
  if (known && field.value) guess();
}

async function start() {
  if (!canKeep()) {
    kept.textContent = say("This browser keeps nothing here: it does so over HTTPS, outside private windows.");
    return;
  }
  await show();
  if (location.pathname !== page) return;
  await keepPage(page, worker);
  if (known) await keepNetwork(about).then(show, () => {}); // a newer one, if the site is there
}

keep.addEventListener("click", async () => {
  keep.disabled = true;
  kept.textContent = say("The network is on its way …");
  try {
    await keepNetwork(about);
    await show();
  } catch {
    kept.textContent = say("The network could not be kept. Try again when the site can be reached.");
  }
  keep.disabled = false;
});
remove.addEventListener("click", async () => {
  await removeAll();
  result.replaceChildren();
  await show();
});
ask.addEventListener("submit", (event) => {
  event.preventDefault();
  guess();
});
field.addEventListener("input", guess);
start();
