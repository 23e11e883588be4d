/** Keeps a part of a page as it is on the server: asks every two seconds, and stops while nobody looks. */

import { ago } from "./lib/figures.js";
import { fetchIfChanged } from "./lib/requests.js";

const EVERY = 2000; // milliseconds
const SOON = 300; // while somebody waits for what they just asked for

/** @param {HTMLElement} region whose `data-live` is the address of its newest state */
function keepCurrent(region) {
  const status = document.querySelector("[data-live-status]");
  let etag = `"${region.dataset.liveTag || ""}"`;
  /** @type {number | undefined} */
  let timer;

  // A chart under the pointer is being read: it is left alone until the pointer has gone.
  const isBeingRead = () => "liveCalm" in region.dataset && region.matches(":hover, :focus-within");
  // A button that is replaced between press and release is never clicked.
  const isBeingPressed = () => region.querySelector("button:active, a:active, summary:active");

  async function look() {
    if (isBeingRead() || isBeingPressed()) return lookLater();
    try {
      const answer = await fetchIfChanged(region.dataset.live, etag, region.dataset.liveAs || "omit");
      if (answer.type === "opaqueredirect") return location.reload(); // logged out: to the log-in, and back
      if (answer.status === 200) {
        etag = answer.headers.get("ETag") || etag;
        show(region, status, await answer.text());
      }
    } catch {
      // The network is away: the next look may find it again.
    }
    lookLater();
  }

  function lookLater() {
    clearTimeout(timer);
    const pause = region.querySelector("[data-live-soon]") ? SOON : EVERY;
    if (!document.hidden) timer = setTimeout(look, pause);
  }

  document.addEventListener("visibilitychange", () => {
    clearTimeout(timer);
    if (!document.hidden) look();
  });
  lookLater();
}

/**
 * Shows the newest state; what has the focus keeps it, and what was unfolded stays so.
 * @param {HTMLElement} region
 * @param {Element | null} status where a change is told to screen readers
 * @param {string} html
 */
function show(region, status, html) {
  const before = announcement(region);
  const focused = region.contains(document.activeElement) && labelOf(document.activeElement);
  const folds = [...region.querySelectorAll("details[id]")].map((fold) => [fold.id, fold.open]);
  region.innerHTML = html;
  moveElsewhere(region);
  for (const [id, isOpen] of folds) document.getElementById(id)?.toggleAttribute("open", isOpen);
  if (focused) {
    const focusable = [...region.querySelectorAll("a, button, summary")];
    focusable.find((part) => labelOf(part) === focused)?.focus({ preventScroll: true });
  }
  const after = announcement(region);
  if (status && after && after !== before) status.textContent = after;
  region.dispatchEvent(new CustomEvent("live", { bubbles: true })); // charts.js draws anew
}

/**
 * Moves parts that belong outside of the region to where they are marked for.
 * @param {HTMLElement} region
 */
function moveElsewhere(region) {
  for (const part of region.querySelectorAll("[data-for]")) {
    document.getElementById(part.dataset.for).innerHTML = part.innerHTML;
    part.remove();
  }
}

/** @param {HTMLElement} region */
const announcement = (region) => region.querySelector("[data-answers]")?.dataset.answers;

/**
 * By what a control is known again in the next state: where a link leads, or what a button says.
 * @param {Element} part
 */
const labelOf = (part) => part.getAttribute("href") || part.textContent;

function tellTimes() {
  for (const time of document.querySelectorAll("time[data-ago]")) {
    time.textContent = ago(Math.floor((Date.now() - Date.parse(time.dateTime)) / 1000));
  }
}

const region = document.querySelector("[data-live]");
if (region) {
  keepCurrent(region);
  setInterval(tellTimes, 1000);
}
