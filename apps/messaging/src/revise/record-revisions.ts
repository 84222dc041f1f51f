import { Injectable } from '@nestjs/common';
import { type MessageId, MessageRevisedV1, RevisionRefusedV1 } from '@postern/contracts';
import { causedBy, Outbox } from '@postern/eventing';
import type { Tx } from '@postern/platform';
import { toSummary } from '../store/message.mapper.js';
import { MessageReadStore } from '../store/message-read.store.js';
import type { MessageWithState } from '../store/message.row.js';
import { RevisionStore } from '../store/revision.store.js';
import { ThreadLookupStore } from '../store/thread-lookup.store.js';
import { RecordSteps } from '../track/record-steps.js';
import { advance } from '../track/step.js';
import type { MadeRevision, PreparedRevision, RevisionRequest } from './prepare-revision.js';
import { contentVersionOf, isBase } from './revision.js';

interface Written extends MadeRevision {
  request: RevisionRequest;
  before: MessageWithState;
  next: MessageWithState;
}

/** Writes the versions whose messages are still what they were made of, and answers every request. */
@Injectable()
export class RecordRevisions {
  constructor(
    private readonly messages: MessageReadStore,
    private readonly threads: ThreadLookupStore,
    private readonly revisions: RevisionStore,
    private readonly steps: RecordSteps,
    private readonly outbox: Outbox,
  ) {}

  async run(tx: Tx, prepared: readonly PreparedRevision[]): Promise<void> {
    const current = await this.lock(tx, prepared);
    const written = prepared.flatMap((one) => nextVersion(one, current));
    await this.revisions.update(
      tx,
      written.map(({ revision, content, ...rows }) => ({
        ...rows,
        rawInline: content.inline === undefined ? null : revision.mime,
      })),
    );
    await this.steps.run(
      tx,
      written.map(({ before }) => before),
      written.map(({ request, next }) => ({
        cause: causedBy(request),
        step: { message: next, announce: null, recipient: null },
      })),
    );
    await this.outbox.add(tx, MessageRevisedV1, written.map(revised));
    const answered = new Set(written.map(({ request }) => request.id));
    await this.outbox.add(
      tx,
      RevisionRefusedV1,
      prepared.filter(({ request }) => !answered.has(request.id)).map(refused),
    );
    // The version that was judged gets no other answer: more of its organization may follow.
    await this.outbox.settle(
      tx,
      prepared.flatMap(({ request }) => request.causationId ?? []),
    );
  }

  /** The thread first, as accepting does. */
  private async lock(tx: Tx, prepared: readonly PreparedRevision[]): Promise<Map<MessageId, MessageWithState>> {
    const about = prepared.map(({ request: { organizationId, mode, data }, threadId }) => ({
      organizationId,
      mode,
      threadId,
      messageId: data.messageId,
    }));
    await this.threads.lockEnds(tx, about);
    return new Map((await this.messages.lock(tx, about)).map((message) => [message.id, message]));
  }
}

/** @param current  the messages as they are locked; the one that is written becomes its next version. */
function nextVersion({ request, answer }: PreparedRevision, current: Map<MessageId, MessageWithState>): Written[] {
  const before = current.get(request.data.messageId);
  if (before === undefined || 'refused' in answer || !isBase(before, request.data.base)) return [];
  const next = advance(before, new Date().toISOString(), {
    ...answer.revision.changes,
    content_version: contentVersionOf(before) + 1,
  });
  current.set(next.id, next);
  return [{ ...answer, request, before, next }];
}

const revised = ({ request, revision, content, next }: Written) => ({
  ...causedBy(request),
  data: {
    ...request.data.terms,
    message: toSummary(next),
    dispatch: {
      ...request.data.base,
      version: contentVersionOf(next),
      envelope: revision.envelope,
      content,
      contentHash: revision.contentHash,
    },
    cause: request.data.cause,
    approvalId: request.data.approvalId,
  },
});

const refused = ({ request, answer }: PreparedRevision) => ({
  ...causedBy(request),
  data: {
    messageId: request.data.messageId,
    inboxId: request.data.inboxId,
    baseVersion: request.data.base.version,
    cause: request.data.cause,
    approvalId: request.data.approvalId,
    reason: 'refused' in answer ? answer.refused : ('outdated' as const),
  },
});
