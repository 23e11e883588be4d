/** What a browser keeps to guess without the site: the page, its styles and scripts, and, if wanted, the network. */

const CACHE = "nomen-offline"; // service-worker.js looks into every cache of this site
const MODULES = ["../offline.js", "./offline.js", "./network.js", "./readers.js", "./spelling.js", "./elements.js", "./figures.js", "./words.js"];

/**
 * @typedef {object} About
 * @property {string} version
 * @property {string} network
 * @property {number} first_part
 * @property {number} even
 * @property {string[]} read_whole
 * @property {string[]} tokens
 * @property {Record<string, string>} countries the token of each country
 * @property {string[]} of_characters tokens that are read before Chinese characters and kana
 * @property {[string, string]} characters traditional ones, and each as a simplified one
 * @property {number} longest
 */

/** @returns {boolean} whether this browser can keep anything: not in a private window, not without TLS */
export const canKeep = () => "serviceWorker" in navigator && "caches" in window;

/**
 * Keeps the page, and lets a worker answer with it when the site is away.
 * @param {string} page
 * @param {string} worker
 */
export async function keepPage(page, worker) {
  await navigator.serviceWorker.register(worker);
  const cache = await caches.open(CACHE);
  const styles = [...document.querySelectorAll("link[rel=stylesheet], link[rel=icon]")].map((link) => link.href);
  await cache.addAll([page, ...styles, ...MODULES.map((module) => new URL(module, import.meta.url).href)]);
}

/**
 * Keeps the network that serves now, in place of an older one.
 * @param {string} about
 */
export async function keepNetwork(about) {
  const cache = await caches.open(CACHE);
  const answer = await fetch(about);
  if (!answer.ok) throw new Error(`${answer.status}`);
  const { network } = await answer.clone().json();
  const kept = await keptNetwork(about);
  if (kept?.network !== network) await cache.add(network);
  await cache.put(about, answer);
  if (kept && kept.network !== network) await cache.delete(kept.network);
}

/**
 * Returns what is kept of a network, or undefined.
 * @param {string} about
 * @returns {Promise<About | undefined>}
 */
export async function keptNetwork(about) {
  return (await caches.match(about))?.json();
}

/**
 * Returns the bytes of the network that is kept.
 * @param {About} kept
 */
export async function keptBytes(kept) {
  return (await caches.match(kept.network)).arrayBuffer();
}

/** Removes all that is kept. */
export async function removeAll() {
  await caches.delete(CACHE);
  for (const registration of await navigator.serviceWorker.getRegistrations()) await registration.unregister();
}
