import { Injectable, type BeforeApplicationShutdown } from '@nestjs/common';
import { Outbox, type OutboxRow } from '@postern/eventing';
import { Database, GroupCommit } from '@postern/platform';
import { insertMails, type MailRow } from '../store/mail.store.js';
import { insertMailContents } from '../store/mail-content.store.js';
import { deleteMailsToFetch, insertMailsToFetch, type MailToFetch } from '../store/mail-to-fetch.store.js';
import { insertNotifications, type NotificationRow } from '../store/notification.store.js';

/** What came in at once, and is stored as a whole or not at all. */
export interface Arrival {
  /** Null for SMTP. A notification that was seen before makes the whole arrival a repeat. */
  notification: NotificationRow | null;
  facts: OutboxRow[];
  /** Each mail with its facts, which are dropped when the inbox has the mail already. */
  mails: { row: MailRow; facts: OutboxRow[] }[];
  /** The mail that the notification speaks of lies elsewhere. */
  toFetch?: MailToFetch;
  /** The mails are what was to be fetched, as the notification with this id said. */
  fetched?: string;
}

/** How much of an arrival was new. */
export interface Taken {
  repeat: boolean;
  newMails: number;
}

/** The one door into the database: what it has answered is committed, and its facts are on their way. */
@Injectable()
export class Intake implements BeforeApplicationShutdown {
  private readonly group: GroupCommit<Arrival, Taken>;

  constructor(
    private readonly database: Database,
    private readonly outbox: Outbox,
  ) {
    this.group = new GroupCommit({ commit: (arrivals) => this.commit(arrivals) });
  }

  /** Resolves after the commit. @throws AppError `unavailable` when nothing was stored and a retry may help. */
  take(arrival: Arrival): Promise<Taken> {
    return this.group.add(arrival);
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.group.drain();
  }

  private commit(arrivals: Arrival[]): Promise<Taken[]> {
    return this.database.transaction(async (tx) => {
      const notifications = arrivals.flatMap(({ notification }) => notification ?? []);
      const unseen = await insertNotifications(tx, firstOfEach(notifications));
      // Of two repeats in one batch the first takes the id.
      const fresh = arrivals.map(({ notification }) => notification === null || unseen.delete(notification.messageId));
      const taken = arrivals.filter((_, index) => fresh[index]);
      const mails = taken.flatMap((arrival) => arrival.mails);
      const newMails = await insertMails(
        tx,
        mails.map(({ row }) => row),
      );
      await insertMailContents(
        tx,
        mails.flatMap(({ row }) => (newMails.has(row.id) ? row : [])),
      );
      await insertMailsToFetch(
        tx,
        taken.flatMap(({ toFetch }) => toFetch ?? []),
      );
      await deleteMailsToFetch(
        tx,
        taken.flatMap(({ fetched }) => fetched ?? []),
      );
      await this.outbox.write(tx, [
        ...taken.flatMap((arrival) => arrival.facts),
        ...mails.flatMap(({ row, facts }) => (newMails.has(row.id) ? facts : [])),
      ]);
      return arrivals.map((arrival, index) => ({
        repeat: fresh[index] === false,
        newMails: fresh[index] ? arrival.mails.filter(({ row }) => newMails.has(row.id)).length : 0,
      }));
    });
  }
}

const firstOfEach = (rows: NotificationRow[]): NotificationRow[] => [
  ...new Map(rows.toReversed().map((row) => [row.messageId, row])).values(),
];
