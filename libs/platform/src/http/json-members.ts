/**
 * Tells whether an object of a JSON text names a member twice. RFC 8259 §4 leaves open which of them counts, so two
 * readers of one request could understand different things.
 * @param text   valid JSON.
 * @param value  what JSON.parse made of it, where the last of equal names is left.
 */
export const repeatsMember = (text: string, value: unknown): boolean => membersWritten(text) !== membersRead(value);

/** Outside strings, a colon stands between the name and the value of a member, and nowhere else. */
function membersWritten(text: string): number {
  let count = 0;
  for (let at = 0; at < text.length; at += 1) {
    const char = text.charCodeAt(at);
    if (char === COLON) count += 1;
    else if (char === QUOTE) at = endOfString(text, at);
  }
  return count;
}

const QUOTE = '"'.charCodeAt(0);
const COLON = ':'.charCodeAt(0);
const BACKSLASH = '\\'.charCodeAt(0);

/** @returns the place of the closing quote. Jumps from quote to quote, because most of a large body is one string. */
function endOfString(text: string, start: number): number {
  let end = text.indexOf('"', start + 1);
  while (end !== -1 && isEscaped(text, end)) end = text.indexOf('"', end + 1);
  return end === -1 ? text.length : end;
}

/** A quote after an odd number of backslashes belongs to the string. */
function isEscaped(text: string, quoteAt: number): boolean {
  let first = quoteAt;
  while (text.charCodeAt(first - 1) === BACKSLASH) first -= 1;
  return (quoteAt - first) % 2 === 1;
}

/** Without recursion: how deep the value nests is not known yet. */
function membersRead(value: unknown): number {
  let count = 0;
  const open: object[] = typeof value === 'object' && value !== null ? [value] : [];
  for (let one = open.pop(); one !== undefined; one = open.pop()) {
    const parts: unknown[] = Array.isArray(one) ? one : Object.values(one);
    if (!Array.isArray(one)) count += parts.length;
    for (const part of parts) if (typeof part === 'object' && part !== null) open.push(part);
  }
  return count;
}
