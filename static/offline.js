/** The page that guesses in the browser, with the network that is kept there. */

import { element } from "./lib/elements.js";
import { readNetwork } from "./lib/network.js";
import { readReaders } from "./lib/readers.js";
import { isInCharacters, spellLatin, spellOwn } from "./lib/spelling.js";
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
const place = document.getElementById("country");
const result = document.getElementById("result");

const EDGE = 1e-6; // as training/names/several.py has it
/** @type {import("./lib/network.js").Network | null} */
let network = null;
/** @type {import("./lib/readers.js").Readers} */
let readers = {};
/** @type {Map<string, string>} */
let simplified = new Map();
/** @type {import("./lib/offline.js").About | undefined} */
let known;

/** @param {number} share */
function logOdds(share) {
  const inside = Math.min(Math.max(share, EDGE), 1 - EDGE);
  return Math.log(inside / (1 - inside));
}

/** @param {number} odds */
const shareOf = (odds) => 1 / (1 + Math.exp(-odds));

/** A name as it is asked: its country, if that is read with it, and its letters. */
class Asked {
  /**
   * @param {string} name in Latin letters or in those of its script
   * @param {string} token of its country, or nothing
   */
  constructor(name, token) {
    this.name = name;
    this.isLatin = /^[a-z' -]+$/.test(name);
    const isRead = this.isLatin ? readers.countries : isInCharacters(name) && known.of_characters.includes(token);
    this.token = isRead && name.length + 3 <= known.longest ? token : "";
  }

  /** @returns {string} under which answers about it are stored */
  get key() {
    return this.token ? `${this.token}:${this.name}` : this.name;
  }

  /** @returns {number} the share of women */
  get share() {
    if (!this.isLatin) return shareOf(readers.scripts.odds(this.token, this.name));
    const odds = network.odds(this.name);
    return shareOf(this.token ? odds + readers.countries.odds(this.token, this.name) : odds);
  }

  /** @returns {number[]} the share after each letter */
  get trace() {
    if (this.isLatin && !this.token) return network.trace(this.name);
    const letters = [...this.name];
    return letters.map((_, last) => new Asked(letters.slice(0, last + 1).join(""), this.token).share);
  }
}

/**
 * Returns the share of women of a name: of several given names, what all say and a little of the first alone.
 * @param {Asked} asked
 * @param {number} whole
 */
function combined(asked, whole) {
  const [first, ...more] = asked.name.split(" ");
  if (!more.length || first.length < 2 || known.read_whole.includes(asked.key)) return whole;
  const alone = new Asked(first, asked.token).share;
  return shareOf((1 - known.first_part) * logOdds(whole) + known.first_part * logOdds(alone));
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
    element("span", { className: `tile ${step}`, textContent: /\p{M}/u.test(letter) ? `◌${letter}` : letter }),
    element("span", { className: "tile-share", textContent: percent(share) }),
  );
}

function guess() {
  const own = spellOwn(field.value, simplified);
  const name = own && readers.scripts?.knows(own) ? own : spellLatin(field.value);
  const asked = new Asked(name, known.countries[place.value] ?? "");
  if (name !== own && (!asked.isLatin || name.length < 2)) {
    const sentence = readers.scripts
      ? say("Without the site, Latin, Chinese, Japanese, Korean, Hebrew, Arabic and Thai letters can be read here.")
      : say("Without the site, names in Latin letters can be read here.");
    result.replaceChildren(name ? element("p", { className: "refusal", textContent: sentence }) : "");
    delete result.dataset.share;
    return;
  }
  const trace = asked.trace;
  const share = combined(asked, trace.at(-1));
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
  const bytes = known ? await keptBytes(known) : null;
  network = bytes && readNetwork(bytes);
  readers = bytes ? readReaders(bytes, known.tokens ?? []) : {};
  const [traditional, simple] = (known?.characters ?? ["", ""]).map((text) => [...text]);
  simplified = new Map(traditional.map((letter, at) => [letter, simple[at]]));
  place.closest("p").hidden = !readers.countries;
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
place.addEventListener("change", guess);
start();
