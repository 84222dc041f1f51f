import { Injectable } from '@nestjs/common';
import type { AttachmentDetails, AttachmentInput, CommandContext } from '@postern/contracts';
import { Database, forbidden, type Issue, notFound, validationError } from '@postern/platform';
import { type FoundAttachment, storedAttachmentOf, toAttachmentDetails } from '../store/attachment.row.js';
import { AttachmentStore } from '../store/attachment.store.js';
import type { StoredAttachment } from '../store/message.row.js';

/** Shows attachments to those who may see them, and lets those go into messages. */
@Injectable()
export class FindAttachments {
  constructor(
    private readonly database: Database,
    private readonly store: AttachmentStore,
  ) {}

  /** @throws AppError `not_found`; `forbidden` for one of a withheld message without the right to read that. */
  async get(context: CommandContext, id: string, readWithheld: boolean): Promise<AttachmentDetails> {
    const found = (await this.find(context, [id])).get(id);
    if (found === undefined) throw notFound('attachment');
    if (isWithheld(found) && !readWithheld) {
      throw forbidden('Use a key with the scope messages:read_withheld for attachments of this message.');
    }
    return toAttachmentDetails(found);
  }

  /**
   * The stored attachments that a message is to take along, by id; nothing is asked when it names none.
   * @throws AppError `validation_error` that names each id this caller may not send. What the guard withholds goes nowhere,
   * whoever asks: it is released first.
   */
  async toSend(context: CommandContext, given: readonly AttachmentInput[]): Promise<Map<string, StoredAttachment>> {
    const ids = given.flatMap(({ id }) => id ?? []);
    if (ids.length === 0) return new Map();
    const found = await this.find(context, ids);
    const issues = given.flatMap(({ id }, index): Issue[] => {
      const problem = id === undefined ? null : problemOf(found.get(id));
      return problem === null ? [] : [{ path: `attachments[${index}].id`, message: problem }];
    });
    if (issues.length > 0) throw validationError(issues);
    return new Map([...found].map(([id, row]) => [id, storedAttachmentOf(row)]));
  }

  private find(context: CommandContext, ids: readonly string[]): Promise<Map<string, FoundAttachment>> {
    return this.database.asTenant(context, (tx) => this.store.find(tx, context, ids));
  }
}

const isWithheld = ({ security_status }: FoundAttachment): boolean => security_status === 'withheld';

function problemOf(found: FoundAttachment | undefined): string | null {
  if (found === undefined) return 'names no attachment that this key may use; upload it, or send its content';
  return isWithheld(found) ? 'belongs to a message that is withheld; release it first' : null;
}
