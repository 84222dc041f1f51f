import { Inject, Injectable } from '@nestjs/common';
import {
  type AttachmentText,
  AttachmentTexts as AttachmentTextsSchema,
  type Content,
  type Fact,
  messageOf,
} from '@postern/contracts';
import { CONTENT_STORE, type ContentStore } from '@postern/eventing';
import type { Tx } from '@postern/platform';
import { SearchQueueStore } from '../store/search-queue.store.js';

/** Texts that a fact brings, by the fact's id. */
export type TextsByFact = ReadonlyMap<string, readonly AttachmentText[]>;

const textOf = ({ data }: Fact): Content | undefined => (data as { attachmentText?: Content }).attachmentText;

/** Takes over what the guard has read out of attachments, so that it is searched. */
@Injectable()
export class AttachmentTexts {
  constructor(
    private readonly queue: SearchQueueStore,
    @Inject(CONTENT_STORE) private readonly content: ContentStore,
  ) {}

  /** Reads the texts that facts of the guard bring; no transaction is open yet. */
  async read(facts: readonly Fact[]): Promise<TextsByFact> {
    const bringing = facts.flatMap((fact) => {
      const content = textOf(fact);
      return content === undefined ? [] : [{ fact, content }];
    });
    return new Map(
      await Promise.all(
        bringing.map(async ({ fact, content }) => [fact.id, await this.load(fact.organizationId, content)] as const),
      ),
    );
  }

  /** Keeps them in the transaction that handles the facts, after the message was stored. Twice is once. */
  async keep(tx: Tx, facts: readonly Fact[], read: TextsByFact): Promise<void> {
    const kept = facts.flatMap((fact) => {
      const messageId = messageOf(fact.data);
      const texts = read.get(fact.id) ?? [];
      const { organizationId, mode } = fact;
      return messageId === null || texts.length === 0 ? [] : [{ organizationId, mode, messageId, texts }];
    });
    await this.queue.keepTexts(tx, kept);
    await this.queue.add(tx, kept);
  }

  /** Texts that are not in the store any more belong to a message that was deleted meanwhile: nothing is to be searched. */
  private async load(organizationId: string, { sha256, inline }: Content): Promise<AttachmentText[]> {
    const bytes = inline === undefined ? await this.content.get(organizationId, sha256) : Buffer.from(inline, 'base64');
    return bytes === null ? [] : AttachmentTextsSchema.parse(JSON.parse(bytes.toString('utf8')));
  }
}
