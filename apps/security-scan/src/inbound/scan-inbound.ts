import { Injectable } from '@nestjs/common';
import {
  InboundMail,
  sameIdAs,
  ScanInboundCompletedV1,
  type Content,
  type Fact,
  type MailReceivedV1,
} from '@postern/contracts';
import { causedBy, Outbox, Reject } from '@postern/eventing';
import type { Tx } from '@postern/platform';
import { RULES_VERSION } from '../checks/all-checks.js';
import { MailReader } from '../content/mail-reader.js';
import { withheldByList } from '../lists/apply-lists.js';
import { type Incoming, ListGuard } from '../lists/list-guard.js';
import type { ExtractedText } from '../store/extracted-text.store.js';
import { VerdictStore } from '../store/verdict.store.js';
import { UNJUDGED } from '../tries/unjudged.js';
import { judge, type Verdict } from '../verdict/verdict.js';
import { checksOfLevel } from './checks-of-level.js';
import { decideInbound, type InboundStatus } from './decide-inbound.js';

type Received = Fact<typeof MailReceivedV1>;

/** A received mail, judged; nothing of it is stored yet. */
export interface JudgedMail {
  fact: Received;
  verdict: Verdict;
  status: InboundStatus;
  texts: ExtractedText[];
  attachmentText: Content | undefined;
  /** Who sent it, for the lists. */
  sender: Pick<Incoming, 'from' | 'aligned'>;
}

/** Judges inbound mail by the checks that its inbox's level asks for. */
@Injectable()
export class ScanInbound {
  constructor(
    private readonly mails: MailReader,
    private readonly verdicts: VerdictStore,
    private readonly lists: ListGuard,
    private readonly outbox: Outbox,
  ) {}

  /**
   * No effects.
   * @throws when the mail cannot be read or a check fails: it does not become a message then, but waits or is put aside.
   */
  async judge(fact: Received): Promise<JudgedMail> {
    const mail = readInboundMail(await this.mails.octets(fact, fact.data.parsed));
    const { mail: scanned, texts } = await this.mails.inbound(fact, mail, fact.data.raw);
    const verdict = judge(scanned, checksOfLevel(fact.data.securityLevel));
    const attachmentText = await this.mails.carry(fact, scanned);
    const sender = { from: mail.from.address, aligned: mail.authentication?.aligned ?? false };
    return { fact, verdict, status: decideInbound(verdict, mail.parseError), texts, attachmentText, sender };
  }

  /** The verdict on a mail that cannot be judged: it is kept from readers, and what can be known of it without looking stays. */
  unjudged(fact: Received): JudgedMail {
    const sender = { from: fact.data.mailFrom, aligned: false };
    const status = decideInbound(UNJUDGED, null);
    return { fact, verdict: UNJUDGED, status, texts: [], attachmentText: undefined, sender };
  }

  /** Stores verdicts and tells them. A mail is decided once for each inbox, however often it comes. */
  async decide(tx: Tx, mails: readonly JudgedMail[]): Promise<void> {
    const judged = await this.askLists(tx, mails);
    const stored = await this.verdicts.insertInbound(
      tx,
      judged.map(({ fact, verdict, status }) => ({
        organization_id: fact.organizationId,
        mode: fact.mode,
        mail_id: fact.data.mailId,
        inbox_id: fact.data.inboxId,
        security: verdict.security,
        outcome: status,
        rules_version: RULES_VERSION,
      })),
    );
    const keys = new Set(stored.map((row) => `${row.mail_id}/${row.inbox_id}`));
    const fresh = judged.filter(({ fact }) => keys.delete(`${fact.data.mailId}/${fact.data.inboxId}`));
    await this.mails.keep(
      tx,
      fresh.map(({ fact, texts }) => ({ messageId: sameIdAs('msg', fact.data.mailId), texts })),
    );
    await this.outbox.add(
      tx,
      ScanInboundCompletedV1,
      fresh.map(({ fact, verdict, status, attachmentText }) => ({
        ...causedBy(fact),
        data: { received: fact.data, security: verdict.security, securityStatus: status, attachmentText },
      })),
    );
  }

  /** In the transaction of the verdicts, as for outbound messages. What a list refuses is stored, and kept from readers. */
  private async askLists(tx: Tx, mails: readonly JudgedMail[]): Promise<JudgedMail[]> {
    const reasons = await this.lists.withheld(
      tx,
      mails.map(({ fact: { organizationId, mode, data }, sender }) => ({
        organizationId,
        mode,
        inboxId: data.inboxId,
        mailFrom: data.mailFrom,
        ...sender,
      })),
    );
    return mails.map((mail, n) => {
      const reason = reasons[n] ?? null;
      if (reason === null) return mail;
      const { verdict } = mail;
      return {
        ...mail,
        status: 'withheld',
        verdict: { ...verdict, security: withheldByList(verdict.security, reason) },
      };
    });
  }
}

function readInboundMail(json: Buffer): InboundMail {
  try {
    return InboundMail.parse(JSON.parse(json.toString('utf8')));
  } catch (cause) {
    throw new Reject('the parsed mail does not meet its contract', { cause });
  }
}
