import { textChannels, type ScannedMail } from '../../normalise/scanned-mail.js';
import { finding, type Check } from '../check.js';
import { findPii, type Pii, type PiiKind } from './find-pii.js';
import { personalDetails, type DetailKind } from './personal-details.js';

const METHOD = 'pii';

/**
 * What one piece of a kind weighs. An invoice has one IBAN, a signature has telephone numbers, addresses of mail and of a
 * street: alone they are no leak. Two kinds that belong to a person's file are.
 */
const WEIGHT: Readonly<Record<PiiKind | DetailKind, number>> = {
  card: 0.75,
  ssn: 0.75,
  iban: 0.35,
  health: 0.35,
  'birth date': 0.3,
  pay: 0.3,
  passport: 0.3,
  address: 0.2,
  phone: 0.05,
  email: 0,
};
/** Kinds that a list of contacts, an invoice or a schedule repeats without harm. */
const REPEATED_FREELY = new Set<PiiKind | DetailKind>(['phone', 'email', 'address']);
/** Several of a kind are about several people. */
const REPEATED_MIN = 3;
const REPEATED_WEIGHT = 0.25;
const CONFIDENCE_MAX = 0.95;
/** Less says nothing: one telephone number. */
const CONFIDENCE_MIN = 0.2;

const NAMES: Readonly<Record<PiiKind | DetailKind, string>> = {
  card: 'payment card numbers',
  ssn: 'social security numbers',
  iban: 'bank accounts (IBAN)',
  health: 'statements about health',
  'birth date': 'dates of birth',
  pay: 'salaries',
  passport: 'passport numbers',
  address: 'postal addresses',
  phone: 'telephone numbers',
  email: 'e-mail addresses',
};

/** Looks for personal data that is about to leave. Findings tell kinds and counts, never a value. */
export const piiCheck: Check = {
  name: METHOD,
  direction: 'outbound',
  run(mail: ScannedMail) {
    const counts = countsOf(mail);
    const kinds = [...counts.keys()].sort((a, b) => WEIGHT[b] - WEIGHT[a]);
    const confidence = Math.min(CONFIDENCE_MAX, weightOf(counts));
    if (confidence < CONFIDENCE_MIN) return [];
    const told = kinds.filter((kind) => WEIGHT[kind] > 0).map((kind) => `${NAMES[kind]}: ${counts.get(kind)}`);
    return [finding(METHOD, 'suspicious', confidence, `Personal data: ${told.join(', ')}.`)];
  },
};

/** Carriers' and shops' numbers have 16 digits too, and one in ten has the right check digit by chance. */
const NUMBERED_OTHERWISE =
  /\b(?:track(?:ing)?|order|shipment|parcel|invoice|ticket|ref(?:erence)?|case|serial)\b[^\d\n]{0,30}$/i;
const BEFORE_CHARS = 50;

/** A number behind a word that says what it is: no card. */
const isNumberedOtherwise = (text: string, { kind, start }: Pii): boolean =>
  kind === 'card' && NUMBERED_OTHERWISE.test(text.slice(Math.max(0, start - BEFORE_CHARS), start));

/** The most that one channel has: a text and its HTML say the same twice. */
function countsOf(mail: ScannedMail): Map<PiiKind | DetailKind, number> {
  const most = new Map<PiiKind | DetailKind, number>();
  for (const { text } of textChannels(mail)) {
    const counts = new Map<PiiKind | DetailKind, number>(personalDetails(text));
    for (const piece of findPii(text)) {
      if (!isNumberedOtherwise(text, piece)) counts.set(piece.kind, (counts.get(piece.kind) ?? 0) + 1);
    }
    for (const [kind, count] of counts) most.set(kind, Math.max(count, most.get(kind) ?? 0));
  }
  return most;
}

function weightOf(counts: ReadonlyMap<PiiKind | DetailKind, number>): number {
  let weight = 0;
  let repeated = false;
  for (const [kind, count] of counts) {
    weight += WEIGHT[kind];
    repeated ||= count >= REPEATED_MIN && !REPEATED_FREELY.has(kind);
  }
  // Rounded, since the confidence is shown.
  return Math.round(100 * (repeated ? weight + REPEATED_WEIGHT : weight)) / 100;
}
