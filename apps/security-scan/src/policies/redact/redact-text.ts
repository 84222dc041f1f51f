import type { PolicyConfigs } from '@postern/contracts';
import { findPii, type PiiKind, type Stretch } from '../../checks/pii/find-pii.js';

/** Which kinds of personal data are taken out. */
export type RedactedKinds = ReadonlySet<PiiKind>;

const KIND_BY_SETTING = {
  redact_emails: 'email',
  redact_phone_numbers: 'phone',
  redact_ssn: 'ssn',
  redact_credit_cards: 'card',
} as const satisfies Record<keyof PolicyConfigs['pii_redaction'], PiiKind>;

/** What some policies together take out. */
export function kindsOf(configs: readonly PolicyConfigs['pii_redaction'][]): RedactedKinds {
  const settings = Object.keys(KIND_BY_SETTING) as (keyof typeof KIND_BY_SETTING)[];
  return new Set(settings.filter((one) => configs.some((config) => config[one])).map((one) => KIND_BY_SETTING[one]));
}

/** What stands in the place of personal data: holds none itself, so that redacting again changes nothing. */
const LABELS: Record<PiiKind, string> = {
  card: '[card number removed]',
  iban: '[account number removed]',
  ssn: '[social security number removed]',
  email: '[email address removed]',
  phone: '[phone number removed]',
};

export interface Redaction extends Stretch {
  label: string;
}

/** What is to be taken out of a text, in its order; no two overlap. */
export const redactionsIn = (text: string, kinds: RedactedKinds): Redaction[] =>
  findPii(text).flatMap(({ kind, start, end }) => (kinds.has(kind) ? [{ start, end, label: LABELS[kind] }] : []));

export const holdsPii = (text: string, kinds: RedactedKinds): boolean => redactionsIn(text, kinds).length > 0;

/** A text without the personal data of these kinds; the same string when it has none. */
export function redactText(text: string, kinds: RedactedKinds): string {
  let at = 0;
  let kept = '';
  for (const { start, end, label } of redactionsIn(text, kinds)) {
    kept += text.slice(at, start) + label;
    at = end;
  }
  return at === 0 ? text : kept + text.slice(at);
}
