/** How pages write numbers and times; the server's way is webapp/presentation/template_filters.py. */

const NUMBER = new Intl.NumberFormat("en");
/** @type {[number, string][]} */
const UNITS = [[86400, "day"], [3600, "hour"], [60, "minute"], [1, "second"]];

/**
 * Writes a whole number: "1,204".
 * @param {number} n
 */
export const count = (n) => NUMBER.format(Math.round(n));

/**
 * Writes about how long something takes: "41 seconds", "12 minutes".
 * @param {number} seconds
 */
export function duration(seconds) {
  if (seconds < 1.5) return "a second";
  return seconds < 90 ? `${Math.round(seconds)} seconds` : `${Math.round(seconds / 60)} minutes`;
}

/**
 * Writes how long ago something was: "4 seconds ago".
 * @param {number} seconds
 */
export function ago(seconds) {
  const [size, unit] = UNITS.find(([least]) => seconds >= least) ?? [0, ""];
  if (!unit) return "just now";
  const n = Math.floor(seconds / size);
  return `${count(n)} ${unit}${n === 1 ? "" : "s"} ago`;
}
