/** Letters of other scripts that look like Latin ones (from Unicode TS #39, confusables.txt: the pairs of whole letters). */
const LOOK_ALIKES: ReadonlyMap<string, string> = new Map(
  [
    ['аɑα', 'a'],
    ['ЬʙВ', 'b'],
    ['сϲᴄ', 'c'],
    ['ԁ', 'd'],
    ['еєҽε', 'e'],
    ['ɡց', 'g'],
    ['һհ', 'h'],
    ['іιıɩ', 'i'],
    ['јϳ', 'j'],
    ['κк', 'k'],
    ['ӏլ', 'l'],
    ['м', 'm'],
    ['ոп', 'n'],
    ['оοօσ', 'o'],
    ['рρ', 'p'],
    ['ԛ', 'q'],
    ['г', 'r'],
    ['ѕ', 's'],
    ['τт', 't'],
    ['υս', 'u'],
    ['ѵν', 'v'],
    ['ѡԝ', 'w'],
    ['хχ', 'x'],
    ['уγ', 'y'],
    ['ᴢ', 'z'],
    ['АΑ', 'A'],
    ['Β', 'B'],
    ['СϹ', 'C'],
    ['ЕΕ', 'E'],
    ['НΗ', 'H'],
    ['ІΙӀ', 'I'],
    ['Ј', 'J'],
    ['КΚ', 'K'],
    ['МΜ', 'M'],
    ['Ν', 'N'],
    ['ОΟՕ', 'O'],
    ['РΡ', 'P'],
    ['Ѕ', 'S'],
    ['ТΤ', 'T'],
    ['Ԝ', 'W'],
    ['ХΧ', 'X'],
    ['УΥ', 'Y'],
    ['Ζ', 'Z'],
  ].flatMap(([alikes = '', latin = '']) => [...alikes].map((alike) => [alike, latin] as const)),
);

const WIDTHLESS =
  /[\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufe00-\ufe0f\ufeff]|[\u{e0000}-\u{e01ef}]/gu;
const WORD = /[\p{L}\p{M}]+/gu;
const OTHER_SCRIPT = /[\u0370-\u03ff\u0400-\u052f\u0530-\u058f\u0251\u0261\u026a\u0299\u1d00-\u1d2b]/;
/** Three letters alone are initials. */
const SPACED_WORD = /(?<![\p{L}\p{N}])\p{L}(?:([ .·_*-])\p{L})(?:\1\p{L}){3,}(?![\p{L}\p{N}])/gu;
const WORD_WITH_DIGITS =
  /(?<![\w@.:/$-])(?=[a-z013457$@]{4,24}(?![\w@$]))(?=[013457$@]?[a-z])[a-z013457$@]*[a-z][013457$@]{1,2}[a-z][a-z013457$@]*/gi;
const LETTER_OF_DIGIT: Readonly<Record<string, string>> = {
  0: 'o',
  1: 'i',
  3: 'e',
  4: 'a',
  5: 's',
  7: 't',
  $: 's',
  '@': 'a',
};

/**
 * A text as a model reads it in spite of tricks with characters: compatibility forms resolved (NFKC), characters without width
 * removed, look-alike letters made Latin in words that mix scripts or consist of look-alikes only, spaced letters joined, digits in words
 * read as letters. For rules to look at, not for people; offsets change. Linear.
 */
export function foldedText(text: string): string {
  const plain = /[^\t\n\r -~]/.test(text)
    ? text.replaceAll(WIDTHLESS, '').normalize('NFKC').replaceAll(WORD, latinIfDisguised)
    : text;
  return plain
    .replaceAll(SPACED_WORD, (word: string, separator: string) => word.replaceAll(separator, ''))
    .replaceAll(WORD_WITH_DIGITS, (word) => word.replaceAll(/[013457$@]/g, (char) => LETTER_OF_DIGIT[char] ?? char));
}

/** Words with a letter that no Latin one looks like stay. A Russian word without one becomes letters that no rule knows. */
function latinIfDisguised(word: string): string {
  if (!OTHER_SCRIPT.test(word)) return word;
  const latin = [...word].map((char) => LOOK_ALIKES.get(char) ?? char).join('');
  return /^[\p{Script=Latin}\p{M}]+$/u.test(latin) ? latin : word;
}
