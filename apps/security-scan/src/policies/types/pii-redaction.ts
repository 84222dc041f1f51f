import type { MessageEdit, PolicyConfigs } from '@postern/contracts';
import { findPii, type PiiKind } from '../../checks/pii/find-pii.js';
import type { ScannedAttachment } from '../../normalise/scanned-mail.js';
import { given, type MessageBody, type PolicySubject } from '../policy.js';
import { redactBody } from '../redact/redact-body.js';
import { kindsOf, type RedactedKinds } from '../redact/redact-text.js';

/** What some redaction policies come to together. */
export interface PiiRuling {
  /** Null when there is nothing to take out. */
  edit: MessageEdit | null;
  /** Why the personal data of a policy's kinds cannot be taken out; null when it can. */
  stuck(config: PolicyConfigs['pii_redaction']): string | null;
  /** Whether this policy has something to take out, or had. */
  acts(config: PolicyConfigs['pii_redaction']): boolean;
}

/**
 * Looks once for all policies together, however many they are.
 * @param configs  all redaction policies that a message is held against.
 */
export function redactPii(
  configs: readonly PolicyConfigs['pii_redaction'][],
  subject: Pick<PolicySubject, 'mail' | 'body' | 'redacted'>,
): PiiRuling {
  const { redacted } = subject;
  const body = given(subject.body);
  const { attachments } = given(subject.mail);
  const edit = redactBody(body, kindsOf(configs));
  const inBody = edit === null ? new Set<PiiKind>() : kindsInBody(body, kindsOf(configs));
  const inAttachments = kindsInAttachments(attachments);
  const has = (found: RedactedKinds, config: PolicyConfigs['pii_redaction']): boolean =>
    [...kindsOf([config])].some((kind) => found.has(kind));
  return {
    // Once is enough: what was missed then would be missed again.
    edit: redacted ? null : edit,
    stuck: (config) => {
      if (has(inAttachments, config)) return 'An attachment holds personal data, which cannot be taken out of it.';
      if (attachments.some(({ cut }) => cut)) return 'An attachment is too large to be looked at whole.';
      return redacted && has(inBody, config) ? 'It still holds personal data.' : null;
    },
    acts: (config) => redacted || has(inBody, config),
  };
}

const kindsInBody = (body: MessageBody, kinds: RedactedKinds): RedactedKinds =>
  new Set([...kinds].filter((kind) => redactBody(body, new Set([kind])) !== null));

const kindsInAttachments = (attachments: readonly ScannedAttachment[]): RedactedKinds =>
  new Set(
    attachments
      .flatMap(({ filename, text, documentText }) => [filename, text ?? '', documentText ?? ''])
      .flatMap((said) => findPii(said).map(({ kind }) => kind)),
  );
