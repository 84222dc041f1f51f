// Text that passes here can go into PostgreSQL (no U+0000, no lone surrogates), into a header or a log.

/** Never part of a line. */
const CONTROLS = /[\p{Cc}\u2028\u2029]+/gu;
/** Text of several lines may have tabs and line feeds. */
const CONTROLS_OF_TEXT = /(?![\t\n])\p{Cc}/gu;
/** Embeddings, overrides and isolates (UAX #9 §2): they let `exe.txt` be shown for `txt.exe`. Marks (LRM, RLM) stay. */
const BIDI = /[\u202a-\u202e\u2066-\u2069]/g;

/** One line: control characters become one space, bidirectional overrides go, the rest is cut after so many characters. */
export const cleanLine = (text: string, maxChars: number): string =>
  text.toWellFormed().replace(BIDI, '').replace(CONTROLS, ' ').trim().slice(0, maxChars).toWellFormed();

/** Text of several lines, each ended by a line feed. Nothing is cut. */
export const cleanText = (text: string): string =>
  text.toWellFormed().replace(/\r\n?/g, '\n').replace(CONTROLS_OF_TEXT, '');
