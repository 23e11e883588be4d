/** How pages write numbers and times; the server's way is webapp/presentation/template_filters.py. */

import { language, say } from "./words.js";

const NUMBER = new Intl.NumberFormat(language, { numberingSystem: "latn" });
const AGO = new Intl.RelativeTimeFormat(`${language}-u-nu-latn`);
/** @type {[number, "day" | "hour" | "minute" | "second"][]} */
const UNITS = [[86400, "day"], [3600, "hour"], [60, "minute"], [1, "second"]];

/**
 * Writes a whole number: "1,204".
 * @param {number} n
 */
export const count = (n) => NUMBER.format(Math.round(n));

/**
 * Writes a share in whole hundredths: "93%".
 * @param {number} share
 */
export const percent = (share) =>
  new Intl.NumberFormat(language, { style: "percent", numberingSystem: "latn" }).format(share);

/**
 * Writes about how long something takes: "41 seconds", "12 minutes".
 * @param {number} seconds
 */
export function duration(seconds) {
  const [n, unit] = seconds < 90 ? [Math.max(1, Math.round(seconds)), "second"] : [Math.round(seconds / 60), "minute"];
  const form = { style: "unit", unit, unitDisplay: "long", numberingSystem: "latn" };
  return new Intl.NumberFormat(language, /** @type {Intl.NumberFormatOptions} */ (form)).format(/** @type {number} */ (n));
}

/**
 * Writes how long ago something was: "4 seconds ago".
 * @param {number} seconds
 */
export function ago(seconds) {
  const found = UNITS.find(([least]) => seconds >= least);
  return found ? AGO.format(-Math.floor(seconds / found[0]), found[1]) : say("just now");
}
