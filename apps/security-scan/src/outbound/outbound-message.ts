import type {
  Content,
  Fact,
  MessageAcceptedV1,
  MessagePreview,
  MessageRevisedV1,
  RefusedRecipient,
  Security,
} from '@postern/contracts';
import type { KeptFindings, PolicyFindings, PolicyInForce } from '../policies/policy.js';
import type { ScannedMail } from '../normalise/scanned-mail.js';
import type { ExtractedText } from '../store/extracted-text.store.js';
import type { Verdict } from '../verdict/verdict.js';
import type { OutboundOutcome } from './decide-outbound.js';

/** The first version of a message, or a later one. */
export type VersionFact = Fact<typeof MessageAcceptedV1> | Fact<typeof MessageRevisedV1>;

/** What decides beside the octets. */
export interface OutboundRules extends Pick<
  VersionFact['data'],
  'message' | 'securityLevel' | 'onFlagged' | 'answers'
> {
  /** Absent in a preview. */
  dispatch?: VersionFact['data']['dispatch'];
}

/** What octets come to, before it is known what becomes of them. */
export interface Judgement {
  verdict: Verdict;
  policies: readonly PolicyInForce[];
  findings: PolicyFindings;
  preview: MessagePreview;
  mail: ScannedMail;
  texts: ExtractedText[];
}

/** A version of a message, judged; nothing of it is stored yet. */
export interface Judged extends Pick<Judgement, 'verdict' | 'policies' | 'preview' | 'texts'> {
  fact: VersionFact;
  findings: KeptFindings;
  /** What the message is to say instead; null when nothing is to be taken out. */
  edit: Content | null;
  attachmentText: Content | undefined;
}

/** A judged version, after lists and policies. */
export interface Decided extends Judged {
  outcome: OutboundOutcome;
  /** What is told of why. */
  security: Security;
  /** Recipients who get nothing, whatever becomes of the message. */
  refused: RefusedRecipient[];
  /** It is one of the messages that rate limits count. */
  counts: boolean;
}

/** Whom a copy would go to. */
export function recipientsOf({ message, dispatch }: Pick<OutboundRules, 'message' | 'dispatch'>): string[] {
  const recipients = dispatch?.envelope.recipients ?? message.recipients.filter(({ status }) => status === 'queued');
  return recipients.map(({ address }) => address);
}
