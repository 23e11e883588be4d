/** What reads beside the network: names in letters of their own, and what a country changes (training/model/readers). */

import { Direction, readFile } from "./network.js";

const SYLLABLE = /[\uac00-\ud7a3]/;
const FIRST_TOKEN = 0xe000; // each country is one letter among the others, from Unicode's private ones

/** @typedef {{ letters: string, width: number }} Settings */
/** @typedef {{ scripts?: Reader, countries?: Reader }} Readers */

/**
 * Returns the readers in a file of a version; a version without them has none.
 * @param {ArrayBuffer} data
 * @param {string[]} tokens of the countries, in their order
 * @returns {Readers}
 */
export function readReaders(data, tokens) {
  const { about, tensors } = readFile(data);
  /** @type {[string, Settings][]} */
  const found = Object.entries(JSON.parse(about.readers ?? "{}"));
  return Object.fromEntries(
    found.map(([kind, settings]) => [kind, new Reader(settings, tokens, (name) => tensors.get(`${kind}.${name}`))]),
  );
}

/**
 * Returns what is read letter by letter: of a syllable of Hangul its two or three letters.
 * @param {string} name
 */
const takenApart = (name) => (SYLLABLE.test(name) ? name.normalize("NFD") : name);

/** A recurrent network in both directions over letters of its own. */
class Reader {
  /**
   * @param {Settings} settings
   * @param {string[]} tokens
   * @param {(name: string) => import("./network.js").Tensor | undefined} tensor
   */
  constructor({ letters, width }, tokens, tensor) {
    this.index = new Map([...letters].map((letter, at) => [letter, at + 1])); // 0 is any other letter
    this.tokens = new Map(tokens.map((token, at) => [token, String.fromCharCode(FIRST_TOKEN + at)]));
    const embedded = tensor("letters.weight");
    this.forwards = new Direction("gru", width, tensor, embedded);
    this.backwards = new Direction("gru", width, (name) => tensor(`reverse.${name}`), embedded);
  }

  /**
   * Says whether any letter of a name is one that was learned.
   * @param {string} name
   */
  knows(name) {
    return [...takenApart(name)].some((letter) => this.index.has(letter));
  }

  /**
   * Returns the log odds of women of a name from a country, or what the country adds to them.
   * @param {string} token of the country, or nothing
   * @param {string} name
   */
  odds(token, name) {
    const mark = this.index.get(this.tokens.get(token) ?? "");
    const before = mark ? [mark] : []; // the country is read first from either end
    const letters = [...takenApart(name)].map((letter) => this.index.get(letter) ?? 0);
    const ends = [
      this.forwards.answers([...before, ...letters]),
      this.backwards.answers([...before, ...letters.toReversed()]),
    ];
    return ends.reduce((sum, answers) => sum + answers.at(-1)[0] - answers.at(-1)[1], 0) / ends.length;
  }
}
