/** HTTP contract: a request waits for at most 30 seconds. */
export const WAIT_MAX_SECONDS = 30;

// RFC 7240 §2: preference = token [ BWS "=" BWS word ] *( OWS ";" [ OWS parameter ] ); a word is a token or a quoted string.
const TOKEN = String.raw`[!#$%&'*+.^_\`|~0-9A-Za-z-]+`;
const QUOTED = String.raw`"(?:[^"\\]|\\.)*"`;
const PREFERENCE = new RegExp(String.raw`^[ \t]*(${TOKEN})(?:[ \t]*=[ \t]*(${TOKEN}|${QUOTED}))?[ \t]*(?:;|$)`);
/** Commas and what lies between them; a comma in quotes parts nothing. */
const MEMBER = new RegExp(String.raw`(?:[^,"]|${QUOTED})+`, 'g');

/**
 * The seconds that a client prefers to wait for an outcome: `Prefer: wait=10`.
 * @param header  as it came; several lines may be given as one, parted by commas.
 * @returns null without that preference. What cannot be read is no preference (RFC 7240 §2), of several the first
 * counts, and more than {@link WAIT_MAX_SECONDS} is that: the reply names what was applied.
 */
export function waitSecondsOf(header: string | string[] | undefined): number | null {
  const text = Array.isArray(header) ? header.join(',') : (header ?? '');
  for (const member of text.match(MEMBER) ?? []) {
    const [, name, value] = PREFERENCE.exec(member) ?? [];
    if (name?.toLowerCase() !== 'wait') continue;
    // RFC 7240 §4.3: delta-seconds.
    const digits = /^"?(\d{1,9})"?$/.exec(value ?? '')?.[1];
    return digits === undefined ? null : Math.min(Number(digits), WAIT_MAX_SECONDS);
  }
  return null;
}
