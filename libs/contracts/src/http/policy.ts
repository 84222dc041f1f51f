import { z } from 'zod';
import { DomainPattern } from '../domain-pattern.js';
import { InboxId, MessageId, PolicyId } from '../ids.js';
import { PageQuery } from './page.js';
import { Timestamp, TimestampInput } from './timestamp.js';

export const PolicyAction = z.enum(['block', 'hold', 'tag']);
export type PolicyAction = z.infer<typeof PolicyAction>;

const DOMAINS_MAX = 1000;
const KEYWORDS_MAX = 100;
const KEYWORD_MAX_CHARS = 200;
/** Each may have to be run over all that a mail says. */
const PATTERNS_MAX = 10;
const PATTERN_MAX_CHARS = 500;
const SENDS_MAX = 1_000_000;

const Domains = z.strictObject({ domains: z.array(DomainPattern).min(1).max(DOMAINS_MAX) });

const KeywordFilter = z
  .strictObject({
    keywords: z
      .array(z.string().max(KEYWORD_MAX_CHARS).regex(/\S/, 'must have more than white space'))
      .max(KEYWORDS_MAX),
    patterns: z.array(z.string().min(1).max(PATTERN_MAX_CHARS)).max(PATTERNS_MAX),
  })
  .partial()
  .refine(({ keywords = [], patterns = [] }) => keywords.length + patterns.length > 0, {
    path: ['keywords'],
    message: 'must have a keyword, or patterns one',
  });

const RateLimit = z
  .strictObject({ max_per_hour: z.int().min(1).max(SENDS_MAX), max_per_day: z.int().min(1).max(SENDS_MAX) })
  .partial()
  .refine(({ max_per_hour, max_per_day }) => max_per_hour !== undefined || max_per_day !== undefined, {
    path: ['max_per_hour'],
    message: 'must be given, or max_per_day, or both',
  });

const PiiRedaction = z
  .strictObject({
    redact_emails: z.boolean().default(false),
    redact_phone_numbers: z.boolean().default(false),
    redact_ssn: z.boolean().default(false),
    redact_credit_cards: z.boolean().default(false),
  })
  .refine((kinds) => Object.values(kinds).includes(true), {
    path: ['redact_emails'],
    message: 'must be true, or another kind must',
  });

const RISK_SCORE_MAX = 100;

/** The configuration of each type of policy. */
export const POLICY_CONFIGS = {
  domain_allowlist: Domains,
  domain_blocklist: Domains,
  keyword_filter: KeywordFilter,
  rate_limit: RateLimit,
  pii_redaction: PiiRedaction,
  output_scan: z.strictObject({ threshold: z.int().min(0).max(RISK_SCORE_MAX) }),
  reply_only: z.strictObject({}),
} as const;
export type PolicyConfigs = { [T in keyof typeof POLICY_CONFIGS]: z.infer<(typeof POLICY_CONFIGS)[T]> };

export const PolicyType = z.enum([
  'domain_allowlist',
  'domain_blocklist',
  'keyword_filter',
  'rate_limit',
  'pii_redaction',
  'output_scan',
  'reply_only',
]);
export type PolicyType = z.infer<typeof PolicyType>;

/** What a policy looks at: its type, and the configuration that belongs to it. */
export type PolicyRule = { [T in PolicyType]: { type: T; config: PolicyConfigs[T] } }[PolicyType];

const CONFIG = z.record(z.string(), z.unknown()).meta({
  description: [
    'by `type`:',
    '`domain_allowlist` and `domain_blocklist` `{domains[]}`;',
    '`keyword_filter` `{keywords[], patterns[]}`, RE2 expressions;',
    '`rate_limit` `{max_per_hour?, max_per_day?}`;',
    '`pii_redaction` `{redact_emails, redact_phone_numbers, redact_ssn, redact_credit_cards}`;',
    '`output_scan` `{threshold}`, a risk score of 0 to 100;',
    '`reply_only` `{}`',
  ].join(' '),
});

export const Policy = z.object({
  id: PolicyId,
  inbox_id: InboxId.nullable().meta({ description: 'null: every inbox of the organization' }),
  type: PolicyType,
  config: CONFIG,
  action: PolicyAction,
  priority: z.int().meta({ description: 'the lowest comes first; of equals, the oldest' }),
  enabled: z.boolean(),
  version: z.int().min(1).meta({ description: 'grows by one with each change; verdicts name it' }),
  created_at: Timestamp,
  updated_at: Timestamp,
});
export type Policy = z.infer<typeof Policy>;

const PRIORITY_MAX = 1000;
const PRIORITY_DEFAULT = 100;
const Priority = z.int().min(0).max(PRIORITY_MAX);

/** @returns null, with the problems told, for a configuration that does not belong to the type. */
export function readConfig(
  type: PolicyType,
  config: unknown,
  tell: (issue: z.core.$ZodIssue) => void,
): PolicyRule | null {
  const read = POLICY_CONFIGS[type].safeParse(config);
  for (const issue of read.error?.issues ?? []) tell({ ...issue, path: ['config', ...issue.path] });
  // Type and configuration come from one row of the table above.
  return read.success ? ({ type, config: read.data } as PolicyRule) : null;
}

const NewPolicy = z.strictObject({
  inbox_id: InboxId.nullish(),
  type: PolicyType,
  config: CONFIG,
  action: PolicyAction,
  priority: Priority.default(PRIORITY_DEFAULT),
  enabled: z.boolean().default(true),
});

export const CreatePolicyBody = NewPolicy.transform(({ type, config, inbox_id = null, ...rest }, ctx) => {
  const rule = readConfig(type, config, (issue) => ctx.issues.push(issue as never));
  return rule === null ? z.NEVER : { ...rest, ...rule, inbox_id };
});
export type CreatePolicyBody = z.infer<typeof CreatePolicyBody>;

/** The type stays: `config` is read by it. */
export const UpdatePolicyBody = z.strictObject({
  inbox_id: InboxId.nullable().optional(),
  config: CONFIG.optional(),
  action: PolicyAction.optional(),
  priority: Priority.optional(),
  enabled: z.boolean().optional(),
});
export type UpdatePolicyBody = z.infer<typeof UpdatePolicyBody>;

export const ListPoliciesQuery = z.strictObject({
  ...PageQuery,
  inbox_id: InboxId.optional(),
  type: PolicyType.optional(),
});
export type ListPoliciesQuery = z.infer<typeof ListPoliciesQuery>;

export const BacktestPolicyBody = z.strictObject({
  policy: CreatePolicyBody,
  since: TimestampInput.meta({ description: 'how far back to go' }),
});
export type BacktestPolicyBody = z.infer<typeof BacktestPolicyBody>;

/** What a policy would have done. */
export const PolicyBacktest = z.object({
  evaluated: z.int().min(0).meta({ description: 'messages that were looked at, the newest first' }),
  complete: z
    .boolean()
    .meta({ description: 'false when there are older ones since then, which were too many to look at' }),
  matches: z.array(z.object({ message_id: MessageId, action: PolicyAction, reason: z.string() })),
});
export type PolicyBacktest = z.infer<typeof PolicyBacktest>;
