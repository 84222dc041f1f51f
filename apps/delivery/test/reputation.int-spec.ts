import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import {
  type Fact,
  type Feedback,
  FEEDBACK_EVENTS,
  GetReputation,
  InboxChangedV1,
  type InboxId,
  LiftBrakes,
  type MessageId,
  newId,
  type OrganizationId,
  RecipientDeferredV1,
  ReputationChangedV1,
} from '@postern/contracts';
import { callerOf, inboxOf, waitFor } from '@postern/testing';
import { startStage, type Stage } from './stage.js';

jest.setTimeout(60_000);

/** Small, so that a few messages are a rate: an inbox from 4 recipients on, all else from 40. */
const LIMITS = {
  DELIVERY_BOUNCE_MIN_SENT: '4',
  DELIVERY_BOUNCE_WARN_PERCENT: '30',
  DELIVERY_BOUNCE_PAUSE_PERCENT: '50',
  DELIVERY_COMPLAINT_MIN_SENT: '4',
  DELIVERY_COMPLAINT_WARN_PERCENT: '30',
  DELIVERY_COMPLAINT_PAUSE_PERCENT: '50',
};
let stage: Stage;

beforeAll(async () => {
  stage = await startStage(LIMITS);
});
afterAll(() => stage.stop());

const feedback = (kind: Feedback['kind'], messageId: MessageId, ...addresses: string[]): Feedback => ({
  kind,
  sesMessageId: `ses-${messageId}`,
  messageId,
  attempt: 1,
  type: kind === 'bounced' ? 'Permanent' : 'abuse',
  subType: kind === 'bounced' ? 'General' : null,
  at: new Date().toISOString(),
  recipients: addresses.map((address) => ({ address, status: null, diagnostic: null })),
});

/** An organization with an inbox, on the stage. */
class Sender {
  readonly organizationId = newId('org');
  readonly caller = callerOf({ organizationId: this.organizationId });
  readonly inbox = inboxOf();
  private sent = 0;

  constructor(readonly mode: 'live' | 'test' = 'live') {}

  get tenant() {
    return { organizationId: this.organizationId, mode: this.mode };
  }

  async pass(to: string[], inboxId: InboxId = this.inbox.id, from?: string): Promise<MessageId> {
    return (await stage.pass({
      ...this.tenant,
      inboxId,
      to,
      ...(from !== undefined && { from }),
    })) as MessageId;
  }

  /** Sends to fresh addresses. */
  async send(count: number, inboxId?: InboxId, from?: string): Promise<[MessageId, string[]]> {
    this.sent += 1;
    const to = Array.from({ length: count }, (_, index) => `to-${this.sent}-${index}@example.com`);
    const messageId = await this.pass(to, inboxId, from);
    await stage.reaches(messageId, 'sent');
    return [messageId, to];
  }

  async tell(kind: 'bounced' | 'complained', messageId: MessageId, ...addresses: string[]): Promise<void> {
    await stage.delivery.bus.publish(FEEDBACK_EVENTS[kind], {
      ...this.tenant,
      data: feedback(kind, messageId, ...addresses),
    });
  }

  async changes(): Promise<Fact<typeof ReputationChangedV1>['data'][]> {
    const facts = await stage.delivery.bus.factsOf(ReputationChangedV1);
    return facts
      .filter((fact) => fact.organizationId === this.organizationId && fact.mode === this.mode)
      .map(({ data }) => data);
  }

  heard(change: string, scope: string): Promise<Fact<typeof ReputationChangedV1>['data']> {
    return waitFor(
      async () => (await this.changes()).find((data) => data.change === change && data.scope === scope),
      `${scope} ${change}`,
    );
  }

  /** What messaging tells of the inbox. */
  async tellInbox(
    change: 'paused' | 'resumed',
    version: number,
    reason: 'bounces' | 'request' = 'bounces',
  ): Promise<void> {
    const paused = change === 'paused';
    await stage.delivery.bus.publish(InboxChangedV1, {
      ...this.tenant,
      data: {
        change,
        version,
        inbox: { ...this.inbox, status: paused ? 'paused' : 'active', paused_reason: paused ? reason : null },
      },
    });
  }

  async counts(
    scope: string,
    subject = '',
  ): Promise<{ sent: number; bounced: number; complained: number } | undefined> {
    const [row] = await stage.delivery.database.query<{ sent: number; bounced: number; complained: number }>(
      `SELECT sum(sent)::int AS sent, sum(bounced)::int AS bounced, sum(complained)::int AS complained FROM reputation_counts
        WHERE organization_id = $1 AND mode = $2 AND scope = $3 AND subject = $4 HAVING count(*) > 0`,
      [this.organizationId, this.mode, scope, subject],
    );
    return row;
  }

  counted(expected: object, scope = 'organization', subject = ''): Promise<true> {
    const wanted = JSON.stringify(expected);
    return waitFor(async () => JSON.stringify(await this.counts(scope, subject)) === wanted, `${scope}: ${wanted}`);
  }
}

const parkedFor = (messageId: string): Promise<string> =>
  waitFor(async () => {
    const [row] = await stage.delivery.database.query<{ deferred_reason: string }>(
      'SELECT deferred_reason FROM sends WHERE message_id = $1 AND parked',
      [messageId],
    );
    return row?.deferred_reason;
  }, `${messageId} to be parked`);

describe('counting', () => {
  test('mail counts by recipients, for inbox, domain and organization; each report once, however often it comes', async () => {
    const sender = new Sender();
    const [first, [ann = '', bob = '']] = await sender.send(2);
    const [second] = await sender.send(1, newId('inb'), 'agent@postern.test');
    for (let again = 0; again < 3; again += 1) await sender.tell('bounced', first, ann.toUpperCase());
    for (let again = 0; again < 2; again += 1) await sender.tell('complained', first, ann, bob);
    await sender.tell('complained', first, bob);
    const all = { sent: 3, bounced: 1, complained: 2 };
    await sender.counted(all);
    await sender.counted(all, 'domain', 'postern.test');
    await sender.counted({ sent: 2, bounced: 1, complained: 2 }, 'inbox', sender.inbox.id);
    expect(second).not.toBe(first);
    expect(await new Sender('live').counts('organization')).toBeUndefined();
  });

  test('of a message that is forgotten, for its organization alone', async () => {
    const sender = new Sender();
    await sender.tell('bounced', newId('msg'), 'ann@example.com');
    await sender.counted({ sent: 0, bounced: 1, complained: 0 });
    expect(await sender.counts('inbox', sender.inbox.id)).toBeUndefined();
  });

  test('of test mode by itself, with what is simulated', async () => {
    const sender = new Sender('test');
    const bounces = ['bounce+1', 'bounce+2', 'success', 'complaint'].map((role) => `${role}@simulator.amazonses.com`);
    await stage.reaches(await sender.pass(bounces), 'sent');
    await sender.counted({ sent: 4, bounced: 2, complained: 1 });
    await sender.heard('paused', 'inbox');
    const { data } = await stage.delivery.ask(GetReputation, { ...sender.caller, mode: 'live' }, {});
    expect(data).toEqual([
      expect.objectContaining({ scope: 'organization', level: 'good', sent: 0, bounced: 0, complained: 0 }),
    ]);
  });
});

describe('the brake of an inbox', () => {
  test('warns once, then pauses once, and nobody else', async () => {
    const sender = new Sender();
    const [messageId, to] = await sender.send(10);
    await sender.tell('bounced', messageId, ...to.slice(0, 3));
    expect(await sender.heard('warned', 'inbox')).toMatchObject({
      subject: sender.inbox.id,
      cause: 'bounces',
      counts: { sent: 10, bounced: 3, complained: 0 },
      version: 1,
      windowHours: 168,
    });
    await sender.tell('bounced', messageId, ...to.slice(3, 4));
    await sender.counted({ sent: 10, bounced: 4, complained: 0 });
    await sender.tell('bounced', messageId, ...to.slice(4));
    expect(await sender.heard('paused', 'inbox')).toMatchObject({ version: 2, counts: { sent: 10 } });
    await sender.counted({ sent: 10, bounced: 10, complained: 0 });
    expect((await sender.changes()).map(({ change }) => change)).toEqual(['warned', 'paused']);
    // The same inbox of another mode, and other inboxes of the organization, go on.
    const other = await sender.pass(['zoe@example.com'], newId('inb'));
    await stage.reaches(other, 'sent');
  });

  test('holds what is queued before messaging knows; its resume lifts it, sends what waited, and counts anew', async () => {
    const sender = new Sender();
    const [messageId, to] = await sender.send(4);
    await sender.tell('bounced', messageId, ...to);
    await sender.heard('paused', 'inbox');
    const waiting = await sender.pass(['later@example.com']);
    expect(await parkedFor(waiting)).toBe('reputation_paused');
    expect(await stage.stateOf(waiting)).toMatchObject({ state: 'pending', attempt: 0, tries: 0 });
    await sender.tellInbox('paused', 5);
    // What comes now waits for messaging's pause.
    const later = await waitFor(async () => {
      const id = await sender.pass(['later@example.com']);
      return (await parkedFor(id)) === 'inbox_paused' && id;
    }, 'the pause to be known');
    await sender.tellInbox('resumed', 6);
    await stage.reaches(waiting, 'sent');
    await stage.reaches(later, 'sent');
    expect(await sender.heard('lifted', 'inbox')).toMatchObject({ version: 2, counts: { sent: 4, bounced: 4 } });
    // A bounce of mail from before the lift counts nothing; what comes after can put the brake on again.
    await sender.tell('bounced', messageId, 'someone@example.com');
    const [next, addresses] = await sender.send(4);
    await sender.tell('bounced', next, ...addresses);
    const again = await waitFor(
      async () => (await sender.changes()).filter(({ change }) => change === 'paused')[1],
      'the brake to be put on again',
    );
    expect(again).toMatchObject({ version: 3, counts: { bounced: 4 } });
    const reasons = (await stage.delivery.bus.factsOf(RecipientDeferredV1)).filter(
      ({ data }) => data.messageId === waiting,
    );
    expect(reasons.map(({ data }) => data.reason)).toEqual(['reputation_paused']);
  });

  test('is lifted whichever of pause and resume is heard first', async () => {
    const sender = new Sender();
    const [messageId, to] = await sender.send(4);
    await sender.tell('bounced', messageId, ...to);
    await sender.heard('paused', 'inbox');
    const waiting = await sender.pass(['later@example.com']);
    await parkedFor(waiting);
    await sender.tellInbox('resumed', 6);
    await sender.tellInbox('paused', 5);
    await stage.reaches(waiting, 'sent');
    await sender.heard('lifted', 'inbox');
  });

  test('is not lifted by a resume that came before it', async () => {
    const sender = new Sender();
    const [messageId, to] = await sender.send(4);
    await sender.tellInbox('paused', 2, 'request');
    await sender.tellInbox('resumed', 3);
    await sender.tell('bounced', messageId, ...to);
    await sender.heard('paused', 'inbox');
    await sender.tellInbox('paused', 4);
    const waiting = await sender.pass(['later@example.com']);
    await parkedFor(waiting);
    await sender.tellInbox('resumed', 5);
    await stage.reaches(waiting, 'sent');
  });
});

describe('the brake of an organization and its domains', () => {
  const FORTY = 40;
  /** Many inboxes, each with too little mail to be judged by itself. */
  const sendWide = async (sender: Sender, from?: string): Promise<void> => {
    for (let sent = 0; sent < FORTY; sent += 2) {
      const [messageId, [first = '']] = await sender.send(2, newId('inb'), from);
      await sender.tell('bounced', messageId, first);
    }
  };

  test('holds all its mail, says why, and goes on when the operator lifts it', async () => {
    const sender = new Sender();
    await sendWide(sender);
    await sender.heard('paused', 'organization');
    await sender.heard('paused', 'domain');
    const waiting = await Promise.all([1, 2, 3].map((n) => sender.pass([`later-${n}@example.com`], newId('inb'))));
    for (const id of waiting) expect(await parkedFor(id)).toBe('reputation_paused');
    const stranger = new Sender();
    await stranger.send(1);

    const { data: shown } = await stage.delivery.ask(GetReputation, sender.caller, {});
    expect(shown).toEqual([
      expect.objectContaining({
        scope: 'organization',
        domain: null,
        inbox_id: null,
        level: 'paused',
        cause: 'bounces',
        sent: 40,
        bounced: 20,
      }),
      expect.objectContaining({ scope: 'domain', domain: 'postern.test', level: 'paused' }),
    ]);
    // Of a domain alone: the organization's brake still holds.
    await stage.delivery.ask(LiftBrakes, sender.caller, { domain: 'postern.test' });
    await sender.heard('lifted', 'domain');
    for (const id of waiting) expect(await stage.stateOf(id)).toMatchObject({ state: 'pending', attempt: 0, tries: 0 });
    const once = { key: 'lift-1', scope: 'POST /resume', bodyHash: '0' };
    const { data: lifted } = await stage.delivery.ask(LiftBrakes, { ...sender.caller, idempotency: once }, {});
    expect(lifted.map(({ level }) => level)).toEqual(['good', 'good']);
    for (const id of waiting) await stage.reaches(id, 'sent');
    for (const id of waiting) expect(await stage.copiesOf(id)).toHaveLength(1);
    // Again, and by a stranger: nothing to lift.
    await stage.delivery.ask(LiftBrakes, { ...sender.caller, idempotency: once }, {});
    await stage.delivery.ask(LiftBrakes, stranger.caller, {});
    expect((await sender.changes()).filter(({ change }) => change === 'lifted').map(({ scope }) => scope)).toEqual([
      'domain',
      'organization',
    ]);
    expect((await sender.counts('organization'))?.bounced ?? 0).toBe(0);
  });

  test('lets go what its lift may: a paused inbox waits for its own resume', async () => {
    const sender = new Sender();
    await sendWide(sender);
    await sender.heard('paused', 'organization');
    const [free, held] = await Promise.all([
      sender.pass(['a@example.com'], newId('inb')),
      sender.pass(['b@example.com']),
    ]);
    await parkedFor(free);
    await parkedFor(held);
    await sender.tellInbox('paused', 2, 'request');
    await waitFor(async () => {
      const rows = await stage.delivery.database.query('SELECT 1 FROM inbox_pauses WHERE inbox_id = $1', [
        sender.inbox.id,
      ]);
      return rows.length === 1;
    }, 'the pause');
    await stage.delivery.ask(LiftBrakes, sender.caller, {});
    await stage.reaches(free, 'sent');
    await waitFor(async () => {
      const rows = await stage.delivery.database.query(
        `SELECT 1 FROM reputations WHERE organization_id = $1 AND level = 'releasing'`,
        [sender.organizationId as OrganizationId],
      );
      return rows.length === 0;
    }, 'the release to end');
    expect(await parkedFor(held)).toBe('reputation_paused');
    await sender.tellInbox('resumed', 3);
    await stage.reaches(held, 'sent');
  });

  test('of one domain leaves the others alone', async () => {
    const sender = new Sender();
    await sender.send(50, newId('inb'), 'agent@sub.postern.test');
    await sendWide(sender);
    await sender.heard('paused', 'domain');
    const [held, free] = await Promise.all([
      sender.pass(['a@example.com'], newId('inb')),
      sender.pass(['b@example.com'], newId('inb'), 'agent@sub.postern.test'),
    ]);
    await stage.reaches(free, 'sent');
    await parkedFor(held);
  });
});

describe('two replicas', () => {
  test('count everything once', async () => {
    await stage.another();
    const sender = new Sender();
    const inboxId = newId('inb');
    const ids = await Promise.all(Array.from({ length: 60 }, (_, n) => sender.pass([`r-${n}@example.com`], inboxId)));
    for (const id of ids) await stage.reaches(id, 'sent');
    await Promise.all(ids.slice(0, 10).map((id, n) => sender.tell('bounced', id, `r-${n}@example.com`)));
    await sender.counted({ sent: 60, bounced: 10, complained: 0 });
    await sender.counted({ sent: 60, bounced: 10, complained: 0 }, 'inbox', inboxId);
  });
});
