import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { GetReputation, LiftBrakes, newId, RecipientDeferredV1 } from '@postern/contracts';
import { waitFor } from '@postern/testing';
import { LIMITS, Sender } from './reputation.player.js';
import { startStage, type Stage } from './stage.js';

jest.setTimeout(180_000);

const LONG_MS = 60_000;
let stage: Stage;

beforeAll(async () => {
  stage = await startStage(LIMITS);
});
afterAll(() => stage.stop());

describe('counting', () => {
  test('mail counts by recipients, for inbox, domain and organization; each report once, however often it comes', async () => {
    const sender = new Sender(stage);
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
    expect(await new Sender(stage).counts('organization')).toBeUndefined();
  });

  test('of a message that is forgotten, for its organization alone', async () => {
    const sender = new Sender(stage);
    await sender.tell('bounced', newId('msg'), 'ann@example.com');
    await sender.counted({ sent: 0, bounced: 1, complained: 0 });
    expect(await sender.counts('inbox', sender.inbox.id)).toBeUndefined();
  });

  test('of test mode by itself, with what is simulated', async () => {
    const sender = new Sender(stage, 'test');
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
    const sender = new Sender(stage);
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
    const sender = new Sender(stage);
    const [messageId, to] = await sender.send(4);
    await sender.tell('bounced', messageId, ...to);
    await sender.heard('paused', 'inbox');
    const waiting = await sender.pass(['later@example.com']);
    expect(await sender.parkedFor(waiting)).toBe('reputation_paused');
    expect(await stage.stateOf(waiting)).toMatchObject({ state: 'pending', attempt: 0, tries: 0 });
    await sender.tellInbox('paused', 5);
    // What comes now waits for messaging's pause.
    const later = await waitFor(
      async () => {
        const id = await sender.pass(['later@example.com']);
        return (await sender.parkedFor(id)) === 'inbox_paused' && id;
      },
      'the pause to be known',
      LONG_MS,
    );
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
      LONG_MS,
    );
    expect(again).toMatchObject({ version: 3, counts: { bounced: 4 } });
    const reasons = (await stage.delivery.bus.factsOf(RecipientDeferredV1)).filter(
      ({ data }) => data.messageId === waiting,
    );
    expect(reasons.map(({ data }) => data.reason)).toEqual(['reputation_paused']);
  });

  test('is lifted whichever of pause and resume is heard first', async () => {
    const sender = new Sender(stage);
    const [messageId, to] = await sender.send(4);
    await sender.tell('bounced', messageId, ...to);
    await sender.heard('paused', 'inbox');
    const waiting = await sender.pass(['later@example.com']);
    await sender.parkedFor(waiting);
    await sender.tellInbox('resumed', 6);
    await sender.tellInbox('paused', 5);
    await stage.reaches(waiting, 'sent');
    await sender.heard('lifted', 'inbox');
  });

  test('is not lifted by a resume that messaging made before it knew of the brake', async () => {
    const sender = new Sender(stage);
    const [messageId, to] = await sender.send(4);
    await sender.tellInbox('paused', 2, 'request');
    await sender.knows(2);
    await sender.tell('bounced', messageId, ...to);
    await sender.heard('paused', 'inbox');
    await sender.tellInbox('resumed', 3);
    await sender.knows(3);
    const waiting = await sender.pass(['later@example.com']);
    expect(await sender.parkedFor(waiting)).toBe('reputation_paused');
    await sender.tellInbox('paused', 4);
    await sender.knows(4);
    expect((await sender.changes()).map(({ change }) => change)).toEqual(['paused']);
    await sender.tellInbox('resumed', 5);
    await stage.reaches(waiting, 'sent');
    await sender.heard('lifted', 'inbox');
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
    const sender = new Sender(stage);
    await sendWide(sender);
    await sender.heard('paused', 'organization');
    await sender.heard('paused', 'domain');
    const waiting = await Promise.all([1, 2, 3].map((n) => sender.pass([`later-${n}@example.com`], newId('inb'))));
    for (const id of waiting) expect(await sender.parkedFor(id)).toBe('reputation_paused');
    const stranger = new Sender(stage);
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
    const sender = new Sender(stage);
    await sendWide(sender);
    await sender.heard('paused', 'organization');
    const [free, held] = await Promise.all([
      sender.pass(['a@example.com'], newId('inb')),
      sender.pass(['b@example.com']),
    ]);
    await sender.parkedFor(free);
    await sender.parkedFor(held);
    await sender.tellInbox('paused', 2, 'request');
    await sender.knows(2);
    await stage.delivery.ask(LiftBrakes, sender.caller, {});
    await stage.reaches(free, 'sent');
    await waitFor(
      async () => {
        const rows = await stage.delivery.database.query(
          `SELECT 1 FROM reputations WHERE organization_id = $1 AND level = 'releasing'`,
          [sender.organizationId],
        );
        return rows.length === 0;
      },
      'the release to end',
      LONG_MS,
    );
    expect(await sender.parkedFor(held)).toBe('reputation_paused');
    await sender.tellInbox('resumed', 3);
    await stage.reaches(held, 'sent');
  });

  test('of one domain leaves the others alone', async () => {
    const sender = new Sender(stage);
    await sender.send(50, newId('inb'), 'agent@sub.postern.test');
    await sendWide(sender);
    await sender.heard('paused', 'domain');
    const [held, free] = await Promise.all([
      sender.pass(['a@example.com'], newId('inb')),
      sender.pass(['b@example.com'], newId('inb'), 'agent@sub.postern.test'),
    ]);
    await stage.reaches(free, 'sent');
    await sender.parkedFor(held);
  });
});

describe('two replicas', () => {
  test('count everything once', async () => {
    await stage.another();
    const sender = new Sender(stage);
    const inboxId = newId('inb');
    const ids = await Promise.all(Array.from({ length: 60 }, (_, n) => sender.pass([`r-${n}@example.com`], inboxId)));
    for (const id of ids) await stage.reaches(id, 'sent');
    await Promise.all(ids.slice(0, 10).map((id, n) => sender.tell('bounced', id, `r-${n}@example.com`)));
    await sender.counted({ sent: 60, bounced: 10, complained: 0 });
    await sender.counted({ sent: 60, bounced: 10, complained: 0 }, 'inbox', inboxId);
  });
});
