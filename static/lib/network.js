/** The network in the browser: it answers as training/model/network.py does, from the same bytes of a version. */

const LABELS = 2; // female, male
const NEURON = { weight: "recurrent.i2h.weight", bias: "recurrent.i2h.bias" };

/** @typedef {{ shape: number[], numbers: Float32Array }} Tensor */
/** @typedef {{ weight: Tensor, bias: Tensor }} Layer */

/** @typedef {{ about: Record<string, string>, tensors: Map<string, Tensor> }} VersionFile */

/**
 * Reads a file of a version: 8 bytes of length, a header in JSON, the tensors (training/model/artifact.py).
 * @param {ArrayBuffer} data
 * @returns {VersionFile}
 */
export function readFile(data) {
  const length = Number(new DataView(data).getBigUint64(0, true));
  const header = JSON.parse(new TextDecoder().decode(new Uint8Array(data, 8, length)));
  const { __metadata__: about, ...places } = header;
  /** @type {Map<string, Tensor>} */
  const tensors = new Map();
  for (const [name, { dtype, shape, data_offsets: [start, end] }] of Object.entries(places)) {
    // A copy: the numbers may begin at an odd byte.
    const bytes = data.slice(8 + length + start, 8 + length + end);
    tensors.set(name, { shape, numbers: dtype === "F16" ? widened(new Uint16Array(bytes)) : new Float32Array(bytes) });
  }
  return { about, tensors };
}

/**
 * Returns the network of Latin letters in a file of a version.
 * @param {ArrayBuffer} data
 * @returns {Network}
 */
export function readNetwork(data) {
  const { about, tensors } = readFile(data);
  return new Network(JSON.parse(about.settings), about.vocabulary, tensors);
}

/**
 * Writes numbers of 16 bits as such of 32: a sign, 5 bits of exponent, 10 of fraction. Few browsers can do it.
 * @param {Uint16Array} halves
 */
function widened(halves) {
  return Float32Array.from(halves, (bits) => {
    const sign = bits & 0x8000 ? -1 : 1;
    const [exponent, fraction] = [(bits >> 10) & 31, bits & 1023];
    return sign * (exponent ? (1 + fraction / 1024) * 2 ** (exponent - 15) : fraction * 2 ** -24);
  });
}

/**
 * Multiplies a matrix by a vector and adds a bias.
 * @param {Layer} layer
 * @param {ArrayLike<number>} vector
 */
function linear({ weight, bias }, vector) {
  const [rows, columns] = weight.shape;
  const result = new Float64Array(rows);
  for (let row = 0, at = 0; row < rows; row++) {
    let sum = bias.numbers[row];
    for (let column = 0; column < columns; column++, at++) sum += weight.numbers[at] * vector[column];
    result[row] = sum;
  }
  return result;
}

/**
 * Multiplies a matrix by a one-hot letter, which takes one of its columns, and adds a bias.
 * @param {Layer} layer
 * @param {number} letter
 */
function column({ weight, bias }, letter) {
  const [rows, columns] = weight.shape;
  return Float64Array.from({ length: rows }, (_, row) => bias.numbers[row] + weight.numbers[row * columns + letter]);
}

/**
 * Returns a row of a matrix.
 * @param {Tensor} matrix
 * @param {number} number
 */
function row({ shape: [, columns], numbers }, number) {
  return numbers.subarray(number * columns, (number + 1) * columns);
}

/** @param {number} x */
const sigmoid = (x) => 1 / (1 + Math.exp(-x));

/** @param {ArrayLike<number>} logits */
function logSoftmax(logits) {
  const values = Array.from(logits);
  const highest = Math.max(...values);
  const logSum = highest + Math.log(values.reduce((sum, x) => sum + Math.exp(x - highest), 0));
  return values.map((x) => x - logSum);
}

/** @typedef {{ hidden: Float64Array, memory: Float64Array }} State */

/**
 * What each cell makes of a letter and the state before it. `x` is of the letter, `h` of the state, gate by gate.
 * @type {Record<string, (x: Float64Array, h: Float64Array, before: State, width: number) => State>}
 */
const CELLS = {
  rnn: (x, h, before) => ({ ...before, hidden: x.map((value, i) => Math.tanh(value + h[i])) }),
  gru: (x, h, before, width) => ({
    ...before,
    hidden: before.hidden.map((old, i) => {
      const reset = sigmoid(x[i] + h[i]);
      const update = sigmoid(x[width + i] + h[width + i]);
      const fresh = Math.tanh(x[2 * width + i] + reset * h[2 * width + i]);
      return (1 - update) * fresh + update * old;
    }),
  }),
  lstm: (x, h, before, width) => {
    const gate = (/** @type {number} */ number, /** @type {number} */ i) => x[number * width + i] + h[number * width + i];
    const memory = before.memory.map(
      (old, i) => sigmoid(gate(1, i)) * old + sigmoid(gate(0, i)) * Math.tanh(gate(2, i)),
    );
    return { memory, hidden: memory.map((value, i) => sigmoid(gate(3, i)) * Math.tanh(value)) };
  },
};

/** One direction of a network. */
export class Direction {
  /**
   * @param {string} cell
   * @param {number} width
   * @param {(name: string) => Tensor | undefined} tensor by PyTorch's name
   * @param {Tensor} [letters] a row for each letter, where they are too many to be one-hot
   */
  constructor(cell, width, tensor, letters) {
    this.cell = cell;
    this.width = width;
    this.tensor = tensor;
    this.letters = letters;
    /** @type {Layer[]} */
    this.readout = ["readout.", "readout.0.", "readout.2."]
      .map((name) => ({ weight: tensor(`${name}weight`), bias: tensor(`${name}bias`) }))
      .filter(({ weight }) => weight);
  }

  /**
   * Returns log P(label) after every letter.
   * @param {number[]} letters
   */
  answers(letters) {
    return this.cell === "elman" ? this.answersOfNeuron(letters) : this.states(letters).map((state) => this.readOut(state));
  }

  /**
   * @param {number[]} letters
   * @returns {Float64Array[]} the hidden state after every letter
   */
  states(letters) {
    const fromLetter = { weight: this.tensor("recurrent.weight_ih_l0"), bias: this.tensor("recurrent.bias_ih_l0") };
    const fromState = { weight: this.tensor("recurrent.weight_hh_l0"), bias: this.tensor("recurrent.bias_hh_l0") };
    let state = { hidden: new Float64Array(this.width), memory: new Float64Array(this.width) };
    return letters.map((letter) => {
      const input = this.letters ? linear(fromLetter, row(this.letters, letter)) : column(fromLetter, letter);
      state = CELLS[this.cell](input, linear(fromState, state.hidden), state, this.width);
      return state.hidden;
    });
  }

  /** @param {Float64Array} hidden */
  readOut(hidden) {
    const [first, ...more] = this.readout;
    let values = linear(first, hidden);
    for (const layer of more) values = linear(layer, values.map((x) => Math.max(0, x)));
    return logSoftmax(values);
  }

  /**
   * The course's neuron: two linear layers over a letter and the state before it.
   * @param {number[]} letters
   */
  answersOfNeuron(letters) {
    const toHidden = { weight: this.tensor(NEURON.weight), bias: this.tensor(NEURON.bias) };
    const toAnswer = { weight: this.tensor("recurrent.i2o.weight"), bias: this.tensor("recurrent.i2o.bias") };
    const alphabet = toHidden.weight.shape[1] - this.width;
    let hidden = new Float64Array(this.width);
    return letters.map((letter) => {
      const both = new Float64Array(alphabet + this.width);
      both[letter] = 1;
      both.set(hidden, alphabet);
      hidden = linear(toHidden, both);
      return logSoftmax(linear(toAnswer, both));
    });
  }
}

/** A version's network. */
export class Network {
  /**
   * @param {{ cell: string, width: number, bidirectional: boolean }} settings
   * @param {string} vocabulary
   * @param {Map<string, Tensor>} tensors
   */
  constructor({ cell, width, bidirectional }, vocabulary, tensors) {
    this.vocabulary = vocabulary;
    this.forwards = new Direction(cell, width, (name) => tensors.get(name));
    this.backwards = bidirectional ? new Direction(cell, width, (name) => tensors.get(`reverse.${name}`)) : null;
  }

  /**
   * Returns the share of women that is guessed after every letter of a name; the last one is the guess.
   * @param {string} name of letters of the vocabulary alone
   * @returns {number[]}
   */
  trace(name) {
    const letters = [...name].map((letter) => this.vocabulary.indexOf(letter));
    return this.forwards.answers(letters).map((own, last) => {
      const read = this.backwards ? [own, this.fromEnd(letters.slice(0, last + 1))] : [own];
      const mean = Array.from({ length: LABELS }, (_, label) => read.reduce((sum, p) => sum + p[label], 0) / read.length);
      return Math.exp(logSoftmax(mean)[0]);
    });
  }

  /**
   * Returns the log odds of women of a name.
   * @param {string} name of letters of the vocabulary alone
   */
  odds(name) {
    const letters = [...name].map((letter) => this.vocabulary.indexOf(letter));
    const read = [this.forwards.answers(letters).at(-1), ...(this.backwards ? [this.fromEnd(letters)] : [])];
    return read.reduce((sum, [women, men]) => sum + women - men, 0) / read.length;
  }

  /** @param {number[]} letters */
  fromEnd(letters) {
    return this.backwards.answers(letters.toReversed()).at(-1);
  }
}
