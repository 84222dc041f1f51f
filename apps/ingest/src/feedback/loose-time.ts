const TIME_AND_OFFSET = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?)\s*([+-]\d\d):?(\d\d)$/;

/**
 * Reads the spellings that SES's own examples use: `2016-01-27T14:59:38.237Z`, `2018-10-08T14:05:45 +0000`,
 * `2009-12-03T04:24:21.000-05:00`.
 * @returns null when it is no time between 1970 and 9999.
 */
export function readLooseTime(text: string | null | undefined): Date | null {
  if (!text) return null;
  const at = new Date(text.trim().replace(TIME_AND_OFFSET, '$1$2:$3'));
  const year = at.getUTCFullYear();
  return year >= 1970 && year <= 9999 ? at : null;
}
