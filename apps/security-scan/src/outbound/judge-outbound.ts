import { Injectable } from '@nestjs/common';
import { addressKey, type MessageEdit, type Tenant } from '@postern/contracts';
import { MailReader } from '../content/mail-reader.js';
import { withEdit } from '../normalise/with-edit.js';
import { applyPolicies } from '../policies/apply-policies.js';
import type { MessageBody, PolicyFindings, PolicyInForce } from '../policies/policy.js';
import { bodyOf } from '../policies/redact/body-of.js';
import type { ScannedMail } from '../normalise/scanned-mail.js';
import { UNJUDGED } from '../tries/unjudged.js';
import { judge, type Verdict } from '../verdict/verdict.js';
import { previewOf } from './message-preview.js';
import { recipientsOf, type Judged, type Judgement, type OutboundRules, type VersionFact } from './outbound-message.js';

const NOTHING_FOUND: PolicyFindings = { hits: [], redaction: null };

/** Judges outbound messages: what the checks and the policies say about the octets. No effects. */
@Injectable()
export class JudgeOutbound {
  constructor(private readonly mails: MailReader) {}

  /**
   * Reads and judges the exact octets that would be sent.
   * @throws when they cannot be read or a check fails: the message is not passed then, but waits or is put aside.
   */
  async judge(fact: VersionFact, policies: readonly PolicyInForce[]): Promise<Judged> {
    const mime = await this.mails.octets(fact, fact.data.dispatch.content);
    const redacted = 'cause' in fact.data && fact.data.cause === 'redaction';
    // Neither the mail nor another form of it: a batch of many would be in memory at once.
    const { mail, findings, ...judged } = await this.judgeOctets(fact, mime, fact.data, policies, redacted);
    const { hits, redaction } = findings;
    return {
      fact,
      ...judged,
      findings: { hits, redacts: redaction !== null },
      edit: redaction === null ? null : await this.mails.carryEdit(fact, redaction),
      attachmentText: await this.mails.carry(fact, mail),
    };
  }

  /** The verdict on a message that cannot be judged. What it says stays unread; policies on whom it goes to stay in force. */
  unjudged(fact: VersionFact, policies: readonly PolicyInForce[]): Judged {
    return {
      fact,
      verdict: UNJUDGED,
      policies,
      findings: { hits: findingsOf(policies.filter(readsNoContent), UNREAD, fact.data).hits, redacts: false },
      preview: previewOf(fact.data.message, { text: '', html: null }),
      texts: [],
      edit: null,
      attachmentText: undefined,
    };
  }

  /**
   * What a send would come to. Where personal data would be taken out, that is the version without it.
   * @throws as {@link judge}
   */
  async preview(
    tenant: Tenant,
    mime: Uint8Array,
    about: OutboundRules,
    policies: readonly PolicyInForce[],
  ): Promise<Judgement> {
    const judgement = await this.judgeOctets(tenant, mime, about, policies, false);
    const { redaction } = judgement.findings;
    if (redaction === null) return judgement;
    const mail = withEdit(judgement.mail, redaction);
    const verdict = judge(mail);
    const body = { ...(await bodyOf(mime)), ...textsOf(redaction) };
    return {
      ...judgement,
      mail,
      verdict,
      findings: findingsOf(policies, { mail, verdict, body, redacted: true }, about),
    };
  }

  private async judgeOctets(
    tenant: Tenant,
    mime: Uint8Array,
    about: OutboundRules,
    policies: readonly PolicyInForce[],
    redacted: boolean,
  ): Promise<Judgement> {
    const { mail, texts } = await this.mails.outbound(tenant, mime);
    const verdict = judge(mail);
    const body = policies.some(({ type }) => type === 'pii_redaction') ? await bodyOf(mime) : null;
    const findings = findingsOf(policies, { mail, verdict, body, redacted }, about);
    return { verdict, policies, findings, preview: previewOf(about.message, mail), mail, texts };
  }
}

interface Read {
  /** Null when only policies are asked that do not read it. */
  mail: ScannedMail | null;
  verdict: Verdict;
  body: MessageBody | null;
  redacted: boolean;
}

const UNREAD: Read = { mail: null, verdict: UNJUDGED, body: null, redacted: false };
const OF_RECIPIENTS: ReadonlySet<string> = new Set(['domain_allowlist', 'domain_blocklist', 'reply_only']);
const readsNoContent = ({ type }: PolicyInForce): boolean => OF_RECIPIENTS.has(type);

function findingsOf(
  policies: readonly PolicyInForce[],
  { mail, verdict, body, redacted }: Read,
  about: OutboundRules,
): PolicyFindings {
  if (policies.length === 0) return NOTHING_FOUND;
  return applyPolicies(policies, {
    mail,
    body,
    recipients: recipientsOf(about).map(addressKey),
    answers: about.answers ?? null,
    riskScore: verdict.security.risk_score,
    redacted,
  });
}

const textsOf = ({ subject, text, html }: MessageEdit): Partial<MessageBody> => ({
  ...(subject !== undefined && { subject }),
  ...(text !== undefined && { text }),
  ...(html !== undefined && { html }),
});
