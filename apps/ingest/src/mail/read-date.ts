/** RFC 5322 §3.2.2: comments may stand anywhere, most often the zone's name at the end. */
const COMMENT = /\([^()]*\)/g;

/** The time of a Date field; null when it is none, or not between 1970 and 9999. */
export function readLooseDate(value: string | null): Date | null {
  if (value === null) return null;
  const at = new Date(value.replace(COMMENT, ' ').trim());
  const year = at.getUTCFullYear();
  return year >= 1970 && year <= 9999 ? at : null;
}
