import { Injectable } from '@nestjs/common';
import {
  type AnsweredMail,
  type ListReason,
  listRuling,
  patternsOf,
  type RefusedRecipient,
  refusedRecipients,
  sendDirections,
  type Tenant,
} from '@postern/contracts';
import type { Tx } from '@postern/platform';
import { ListBookStore } from '../store/list-book.store.js';

/** An outbound message, as far as lists are concerned. */
export interface Outgoing extends Tenant {
  inboxId: string;
  /** Everyone who would get a copy. */
  recipients: readonly string[];
  answers: AnsweredMail | null;
}

/** A received mail, as far as lists are concerned. */
export interface Incoming extends Tenant {
  inboxId: string;
  /** Of the header, as readers see it. */
  from: string;
  /** The envelope sender; empty for bounces. */
  mailFrom: string;
  /** `from` is proven (ADR 29). */
  aligned: boolean;
}

const RECEIVE = ['receive'] as const;

/** What lists say about messages: one statement for all that are asked about. */
@Injectable()
export class ListGuard {
  constructor(private readonly store: ListBookStore) {}

  /** @returns for each message the recipients who get nothing. */
  async refused(tx: Tx, messages: readonly Outgoing[]): Promise<RefusedRecipient[][]> {
    const books = await this.store.books(
      tx,
      messages.map(({ organizationId, mode, inboxId, recipients, answers }) => ({
        organizationId,
        mode,
        inboxId,
        directions: sendDirections(answers !== null),
        patterns: [...new Set(recipients.flatMap(patternsOf))],
      })),
    );
    return messages.map(({ recipients, answers }, n) => {
      const book = books[n];
      return book === undefined ? [] : refusedRecipients(book, recipients, answers);
    });
  }

  /** @returns for each mail why it is kept from readers, or null. */
  async withheld(tx: Tx, mails: readonly Incoming[]): Promise<(ListReason | null)[]> {
    const books = await this.store.books(
      tx,
      mails.map(({ organizationId, mode, inboxId, from, mailFrom }) => ({
        organizationId,
        mode,
        inboxId,
        directions: RECEIVE,
        patterns: [...new Set([from, mailFrom].flatMap(patternsOf))],
      })),
    );
    return mails.map(({ from, mailFrom, aligned }, n) => {
      const book = books[n];
      if (book === undefined) return null;
      // Whoever blocks somebody means mail that comes from there, whatever its header says. Only the sender that readers see
      // can be allowed.
      const ofEnvelope = listRuling(book, mailFrom, RECEIVE, false) === 'block_list' ? 'block_list' : null;
      return listRuling(book, from, RECEIVE, aligned) ?? ofEnvelope;
    });
  }
}
