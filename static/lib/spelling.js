/** How a name is spelled before it is read: as training/names has it, for the letters that can be read here. */

/** Letters that are more than a letter with a mark; the rest is taken apart by Unicode. */
const SPELLED = { ß: "ss", æ: "ae", œ: "oe", ø: "o", ł: "l", đ: "d", ð: "d", þ: "th", ı: "i", ħ: "h" };
const OWN = /[\u05d0-\u05ea\u0620-\u06ff\u0e01-\u0e4e\u3041-\u30fa\u3400-\u9fff\uac00-\ud7a3\u{20000}-\u{3ffff}]/u;
const CHARACTERS = /^[\u3041-\u3096\u3005\u3400-\u9fff\u{20000}-\u{3ffff}' -]+$/u;
const OTHER_SCRIPTS = [
  /^[\uac00-\ud7a3' -]+$/,
  /^[\u05d0-\u05ea' -]+$/,
  /^[\u0621\u0627\u0628\u0629\u062a-\u063a\u0641-\u064a\u067e\u0686\u0698\u06af' -]+$/,
  /^[\u0e01-\u0e3a\u0e40-\u0e4e' -]+$/,
];
/** Arabic letters that are left out, put in or written otherwise from country to country. */
const ARABIC = new Map([..."أإآٱکیؤئہۀە"].map((letter, at) => [letter, [..."ااااكيويههه"][at]]));

/** @param {string} text */
const withSigns = (text) => text.replace(/[’‘ʼ`´]/g, "'").replace(/[‐‑‒–—―]/g, "-");

/** @param {string} text */
const joined = (text) => text.replace(/([' -])[' -]+/g, "$1").replace(/^[' -]+|[' -]+$/g, "");

/**
 * Spells a name in Latin letters, as far as Unicode knows how.
 * @param {string} text
 */
export function spellLatin(text) {
  const plain = text
    .trim()
    .toLowerCase()
    .replace(/[ßæœøłđðþıħ]/g, (letter) => SPELLED[letter])
    .normalize("NFD")
    .replace(/\p{M}/gu, "");
  return joined(withSigns(plain));
}

/**
 * Spells a name in the letters of its own script, one letter where people write it in several ways; or nothing.
 * @param {string} text
 * @param {Map<string, string>} simplified traditional characters and what they are as simplified ones
 */
export function spellOwn(text, simplified) {
  if (!OWN.test(text)) return "";
  const bare = withSigns(text.trim().replace(/(?<=[א-ת])["\u05f4\u05f3'](?=[א-ת])/g, ""))
    .normalize("NFKC")
    .replace(/(?![\u0e31\u0e34-\u0e3a\u0e47-\u0e4e])[\p{M}\p{C}\u0640]/gu, "")
    .replace(/\u0e4d\u0e32/g, "\u0e33")
    .replace(/[\u30a1-\u30f6]/g, (kana) => String.fromCharCode(kana.charCodeAt(0) - 0x60))
    .replace(/ー/g, "")
    .replace(/(.)々/gu, "$1$1");
  const letters = [...bare].map((letter) => ARABIC.get(letter) ?? simplified.get(letter) ?? letter).join("");
  return isInCharacters(letters) || OTHER_SCRIPTS.some((script) => script.test(letters)) ? joined(letters) : "";
}

/**
 * Says whether a name is in Chinese characters or kana, which countries read in different ways.
 * @param {string} name
 */
export const isInCharacters = (name) => CHARACTERS.test(name);
