/** How one kind of secret is recognised. */
export interface SecretRule {
  /** Stable, snake_case. */
  id: string;
  /** For people: "an AWS access key id". */
  title: string;
  /** Lower case; a text without any of them is not searched. At least one stands in every secret of the kind, or beside it. */
  keywords: readonly [string, ...string[]];
  /** With flag `g`, and linear: every repetition is bounded or ends at a character that cannot stand in it. The group `secret` is the secret, or all. */
  pattern: RegExp;
  /** Of a match that {@link judge} has no other opinion about. */
  confidence: number;
  /** The confidence for this match, 0 when it is no secret after all (placeholder, wrong check digits, too regular). */
  judge?: (secret: string) => number;
  /** The secret's public beginning may be shown; without it nothing of the secret is. */
  publicPrefix?: boolean;
}

/** Placeholders of manuals and templates. */
const PLACEHOLDER =
  /example|sample|placeholder|change_?me|replace|redacted|dummy|your[-_ ]?|xxxx|0{8}|1234567|abcdef|\*{3}|\.{3}|<|\$\{|\{\{|test[-_]?key|insert/i;

export const isPlaceholder = (secret: string): boolean => PLACEHOLDER.test(secret);

/** Shannon entropy of the characters, in bits per character: words have about 2.5 to 3.2, random base64 of 40 characters 4.5. */
export function entropyOf(text: string): number {
  const counts = new Map<string, number>();
  for (const char of text) counts.set(char, (counts.get(char) ?? 0) + 1);
  let bits = 0;
  for (const count of counts.values()) bits -= (count / text.length) * Math.log2(count / text.length);
  return bits;
}

/** A judge for random secrets: placeholders and too regular strings are none. */
export const random =
  (confidence: number, minEntropy = 3) =>
  (secret: string): number =>
    isPlaceholder(secret) || entropyOf(secret) < minEntropy ? 0 : confidence;
