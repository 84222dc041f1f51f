import type { MessageEdit, PolicyConfigs } from '@postern/contracts';
import type { ScannedAttachment } from '../../normalise/scanned-mail.js';
import { given, type PolicySubject } from '../policy.js';
import { redactBody } from '../redact/redact-body.js';
import { holdsPii, kindsOf, type RedactedKinds } from '../redact/redact-text.js';

/** What some redaction policies come to together. */
export interface PiiRuling {
  /** Null when there is nothing to take out. */
  edit: MessageEdit | null;
  /** Why the personal data of a policy's kinds cannot be taken out; null when it can. */
  stuck(config: PolicyConfigs['pii_redaction']): string | null;
  /** Whether this policy has something to take out, or had. */
  acts(config: PolicyConfigs['pii_redaction']): boolean;
}

/** @param configs  all redaction policies that a message is held against. */
export function redactPii(
  configs: readonly PolicyConfigs['pii_redaction'][],
  subject: Pick<PolicySubject, 'mail' | 'body' | 'redacted'>,
): PiiRuling {
  const { redacted } = subject;
  const body = given(subject.body);
  const { attachments } = given(subject.mail);
  const edit = redactBody(body, kindsOf(configs));
  return {
    // Once is enough: what was missed then would be missed again.
    edit: redacted ? null : edit,
    stuck: (config) => {
      const kinds = kindsOf([config]);
      if (inAttachments(attachments, kinds))
        return 'An attachment holds personal data, which cannot be taken out of it.';
      return redacted && redactBody(body, kinds) !== null ? 'It still holds personal data.' : null;
    },
    acts: (config) => redacted || redactBody(body, kindsOf([config])) !== null,
  };
}

const inAttachments = (attachments: readonly ScannedAttachment[], kinds: RedactedKinds): boolean =>
  attachments.some(({ filename, text, documentText }) =>
    [filename, text ?? '', documentText ?? ''].some((said) => holdsPii(said, kinds)),
  );
