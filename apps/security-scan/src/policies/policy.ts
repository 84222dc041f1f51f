import type {
  AnsweredMail,
  InboxId,
  MessageEdit,
  PolicyAction,
  PolicyHit,
  PolicyId,
  PolicyRule,
} from '@postern/contracts';
import type { ScannedMail } from '../normalise/scanned-mail.js';

/** A policy that a message is held against: its rule, and what follows when the rule speaks against the message. */
export type PolicyInForce = PolicyRule & {
  id: PolicyId;
  /** Null: it stands for every inbox of the organization. */
  inboxId: InboxId | null;
  action: PolicyAction;
  version: number;
};

/** What a message says in its own words, as it was composed; null where there is none. */
export interface MessageBody {
  subject: string;
  text: string | null;
  html: string | null;
}

/** What policies look at. */
export interface PolicySubject {
  /** This and the next: null where no policy reads it. */
  mail: ScannedMail | null;
  body: MessageBody | null;
  /** Everyone who would get a copy, in the form in which addresses are compared. */
  recipients: readonly string[];
  /** The received mail that the message answers. */
  answers: AnsweredMail | null;
  riskScore: number;
  /** Personal data was taken out of this version already. */
  redacted: boolean;
}

/** What the policies that look at the message itself say. */
export interface PolicyFindings {
  /** In the order of the policies. */
  hits: PolicyHit[];
  /** What is to be said instead, so that no personal data is sent; null when nothing is to be taken out. */
  redaction: MessageEdit | null;
}

/** Findings as they are kept until the decision: what is to be said instead may be long. */
export interface KeptFindings {
  hits: PolicyHit[];
  redacts: boolean;
}

/** What all policies say about a message. */
export interface PolicyRuling extends KeptFindings {
  /** The first of the strongest; null when no policy speaks against the message. */
  decisive: PolicyHit | null;
}

/** What a policy reads. @throws when it was not read: a message must not pass for that. */
export function given<T>(part: T | null): T {
  if (part === null) throw new Error('a policy asks for a part of the message that was not read');
  return part;
}
