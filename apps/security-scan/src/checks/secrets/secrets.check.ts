import { textChannels, type Channel, type ScannedMail } from '../../normalise/scanned-mail.js';
import { finding, type Check, type Finding } from '../check.js';
import { CLOUD_RULES } from './rules/cloud.js';
import { DEVELOPMENT_RULES } from './rules/development.js';
import { GENERIC_RULES } from './rules/generic.js';
import { SERVICE_RULES } from './rules/services.js';
import type { SecretRule } from './secret-rule.js';

export const SECRET_RULES: readonly SecretRule[] = [
  ...CLOUD_RULES,
  ...DEVELOPMENT_RULES,
  ...SERVICE_RULES,
  ...GENERIC_RULES,
];

/** A mail with more is no less a leak; the list stays readable. */
const FINDINGS_MAX = 20;
const MATCHES_PER_RULE_MAX = 50;
const SHOWN_CHARS = 4;

/** Splitting a secret by characters without width would hide it from every rule. */
const WIDTHLESS = /[\u00ad\u200b-\u200d\u2060\ufeff]/g;

interface Secret {
  rule: SecretRule;
  value: string;
  confidence: number;
  places: string[];
}

/** Looks for keys, tokens and passwords that are about to leave. Findings name kind, place and length, never the secret. */
export const secretsCheck: Check = {
  name: 'secrets',
  direction: 'outbound',
  run(mail: ScannedMail): Finding[] {
    const found = new Map<string, Secret>();
    for (const channel of textChannels(mail)) searchChannel(channel, found);
    return [...found.values()].slice(0, FINDINGS_MAX).map(toFinding);
  },
};

function searchChannel(channel: Channel, found: Map<string, Secret>): void {
  const text = channel.text.replaceAll(WIDTHLESS, '');
  const lowerCase = text.toLowerCase();
  for (const rule of SECRET_RULES) {
    if (!rule.keywords.some((keyword) => lowerCase.includes(keyword))) continue;
    let matches = 0;
    for (const match of text.matchAll(rule.pattern)) {
      matches += 1;
      if (matches > MATCHES_PER_RULE_MAX) break;
      note(found, rule, match.groups?.['secret'] ?? match[0], channel.name);
    }
  }
}

function note(found: Map<string, Secret>, rule: SecretRule, value: string, place: string): void {
  const same = found.get(value);
  if (same !== undefined) {
    if (!same.places.includes(place)) same.places.push(place);
    return;
  }
  const confidence = rule.judge === undefined ? rule.confidence : rule.judge(value);
  // What an earlier rule found inside this one is the better name for it.
  if (confidence === 0 || [...found.keys()].some((known) => value.includes(known))) return;
  found.set(value, { rule, value, confidence, places: [place] });
}

function toFinding({ rule, value, confidence, places }: Secret): Finding {
  const start = rule.publicPrefix === true ? `, begins with ${value.slice(0, SHOWN_CHARS)}` : '';
  const where = places.slice(0, 3).join(', ');
  return finding(
    'secrets',
    'suspicious',
    confidence,
    `${rule.id}: ${rule.title} in ${where} (${value.length} characters${start}).`,
  );
}
