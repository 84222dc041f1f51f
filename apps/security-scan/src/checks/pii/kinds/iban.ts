import type { Stretch } from '../find-pii.js';

/** Length by country (SWIFT IBAN registry, release 99). */
const LENGTHS: ReadonlyMap<string, number> = new Map(
  (
    'AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BI27 BR29 BY28 CH21 CR22 CY28 CZ24 DE22 DJ27 DK18 DO28 EE20 EG29 ES24 FI18 ' +
    'FK18 FO18 FR27 GB22 GE22 GI23 GL18 GR27 GT28 HN28 HR21 HU28 IE22 IL23 IQ23 IS26 IT27 JO30 KW30 KZ20 LB28 LC32 LI21 LT20 ' +
    'LU20 LV21 LY25 MC27 MD24 ME22 MK19 MN20 MR27 MT31 MU30 NI28 NL18 NO15 OM23 PK24 PL28 PS29 PT25 QA29 RO24 RS22 RU33 SA24 ' +
    'SC31 SD18 SE24 SI19 SK24 SM27 SO23 ST25 SV28 TL23 TN24 TR26 UA29 VA22 VG24 XK20 YE30'
  )
    .split(' ')
    .map((entry) => [entry.slice(0, 2), Number(entry.slice(2))]),
);

const START = /(?<![A-Za-z0-9])[A-Za-z]{2}\d{2}(?=[ \u00a0-]?[A-Za-z0-9])/g;
const SEPARATOR = /[ \u00a0-]/;
const ALPHANUMERIC = /[A-Za-z0-9]/;

/** International bank account numbers: a country's length and the two check digits (ISO 13616, ISO 7064 mod 97-10). */
export function* ibansIn(text: string): Generator<Stretch> {
  let past = 0;
  for (const match of text.matchAll(START)) {
    if (match.index < past) continue;
    const length = LENGTHS.get(match[0].slice(0, 2).toUpperCase());
    const end = length === undefined ? null : endAfter(text, match.index, length);
    if (end === null || !hasCheckDigits(text.slice(match.index, end))) continue;
    past = end;
    yield { start: match.index, end };
  }
}

/** Where `count` letters and digits end that single separators may part; null when there are fewer, or one more. */
function endAfter(text: string, start: number, count: number): number | null {
  let at = start;
  for (let taken = 0; taken < count; taken += 1) {
    if (taken > 0 && SEPARATOR.test(text[at] ?? '')) at += 1;
    if (!ALPHANUMERIC.test(text[at] ?? '')) return null;
    at += 1;
  }
  return ALPHANUMERIC.test(text[at] ?? '') ? null : at;
}

function hasCheckDigits(written: string): boolean {
  const iban = written.replaceAll(/[^A-Za-z0-9]/g, '').toUpperCase();
  let rest = 0;
  for (const char of iban.slice(4) + iban.slice(0, 4)) {
    const value = Number.parseInt(char, 36);
    rest = (rest * (value > 9 ? 100 : 10) + value) % 97;
  }
  return rest === 1;
}
