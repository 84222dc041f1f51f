const CR = 0x0d;
const LF = 0x0a;

/**
 * Tells whether every line ends in CR LF and neither octet stands alone. A bare one is read as the end of a line by some
 * servers and not by others, so that a mail could hide another behind it (SMTP smuggling; RFC 5321 §2.3.8 forbids it).
 */
export function hasOnlyCrLf(raw: Buffer): boolean {
  for (let at = raw.indexOf(LF); at >= 0; at = raw.indexOf(LF, at + 1)) {
    if (raw[at - 1] !== CR) return false;
  }
  for (let at = raw.indexOf(CR); at >= 0; at = raw.indexOf(CR, at + 1)) {
    if (raw[at + 1] !== LF) return false;
  }
  return true;
}
