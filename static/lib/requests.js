/**
 * What pages ask the server: forms sent without leaving the page, and answers that may not have changed.
 * Every post carries the CSRF token as the form's own field `csrf_token`, as it would without a script.
 */

import { say } from "./words.js";

/** @typedef {FormData | Record<string, string>} Fields */

/** A refusal in the server's own sentence, fit to be shown. */
export class Refused extends Error {}

/**
 * Posts a form.
 * @param {string} address
 * @param {Fields} fields
 * @returns {Promise<Response>}
 */
export function post(address, fields) {
  return fetch(address, { method: "POST", body: toFormData(fields), headers: { Accept: "application/json" } });
}

/**
 * Posts a form and returns the JSON of the answer.
 * @param {string} address
 * @param {Fields} fields
 * @returns {Promise<any>}
 * @throws {Refused} when the server refuses; TypeError when it cannot be reached
 */
export async function postForJson(address, fields) {
  const answer = await post(address, fields);
  const body = await answer.json();
  if (!answer.ok) throw new Refused(body.detail);
  return body;
}

/**
 * Asks an address again, with the ETag of what is already there.
 * @param {string} address
 * @param {string} etag
 * @param {RequestCredentials} credentials
 * @returns {Promise<Response>} status 304 while nothing has changed; of type "opaqueredirect" if it leads elsewhere
 */
export function fetchIfChanged(address, etag, credentials) {
  const headers = { "If-None-Match": etag };
  return fetch(address, { credentials, headers, cache: "no-store", redirect: "manual" });
}

/**
 * Says in one sentence why a request failed.
 * @param {unknown} error what `post` or `fetch` threw
 * @param {string} consequence what that means to whom is reading: "Nothing was decided."
 * @returns {string}
 */
export function sentenceOf(error, consequence) {
  return error instanceof Refused ? error.message : `${say("The site cannot be reached.")} ${consequence}`;
}

/** @param {Fields} fields */
function toFormData(fields) {
  if (fields instanceof FormData) return fields;
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.set(name, value);
  return form;
}
