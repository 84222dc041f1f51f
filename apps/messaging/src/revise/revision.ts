import type { Dispatch, Envelope } from '@postern/contracts';
import type { MessageWithState } from '../store/message.row.js';

/** The next version of a message: composed, and nowhere stored. */
export interface Revision {
  /** What it changes of the message's row. */
  changes: Pick<
    MessageWithState,
    | 'to_list'
    | 'cc_list'
    | 'bcc_list'
    | 'to_keys'
    | 'subject'
    | 'text_body'
    | 'html_body'
    | 'recipients'
    | 'content_hash'
    | 'raw_sha256'
    | 'raw_size'
  >;
  envelope: Envelope;
  mime: Buffer;
  contentHash: string;
}

/** A message that was neither handed over nor taken back. */
export const isRevisable = ({ direction, stage }: Pick<MessageWithState, 'direction' | 'stage'>): boolean =>
  direction === 'outbound' && ['scheduled', 'held', 'queued'].includes(stage);

/** Content versions begin with 1. */
export const contentVersionOf = ({ content_version }: Pick<MessageWithState, 'content_version'>): number =>
  content_version ?? 1;

/** Whether a message is the version that was judged, and can still become another. */
export const isBase = (message: MessageWithState, base: Pick<Dispatch, 'version' | 'contentHash'>): boolean =>
  isRevisable(message) && contentVersionOf(message) === base.version && message.content_hash === base.contentHash;
