import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  type CommandContext,
  InboxChangedV1,
  type InboxId,
  newId,
  NoteInboxStatus,
  RecipientDeferredV1,
} from '@postern/contracts';
import { callerOf, inboxOf, waitFor } from '@postern/testing';
import { startStage, type Stage } from './stage.js';

let stage: Stage;

beforeAll(async () => {
  stage = await startStage();
});
afterAll(() => stage.stop());

const note = (caller: CommandContext, inboxId: InboxId, status: 'active' | 'paused', version: number) =>
  stage.delivery.ask(NoteInboxStatus, caller, { inboxId, status, version });
const isParked = (messageId: string): Promise<boolean> =>
  stage.delivery.database
    .query<{ parked: boolean }>('SELECT parked FROM sends WHERE message_id = $1', [messageId])
    .then(([row]) => row?.parked === true);

describe('a paused inbox', () => {
  test('sends nothing, loses no try by it, says why, and goes on when it is resumed', async () => {
    const caller = callerOf();
    const { organizationId } = caller;
    const inboxId = newId('inb');
    await note(caller, inboxId, 'paused', 2);
    const waiting = await Promise.all([1, 2, 3].map(() => stage.pass({ organizationId, inboxId })));
    const other = await stage.pass({ organizationId });
    await stage.reaches(other, 'sent');
    for (const id of waiting) await waitFor(() => isParked(id), `${id} to be parked`);
    for (const id of waiting) expect(await stage.stateOf(id)).toMatchObject({ state: 'pending', attempt: 0, tries: 0 });
    const reasons = async () =>
      (await stage.delivery.bus.factsOf(RecipientDeferredV1))
        .filter(({ data }) => waiting.includes(data.messageId))
        .map(({ data }) => data.reason);
    await waitFor(async () => (await reasons()).length === waiting.length, 'the reasons');
    await note(caller, inboxId, 'active', 3);
    for (const id of waiting) expect(await stage.reaches(id, 'sent')).toMatchObject({ attempt: 1, tries: 0 });
    for (const id of waiting) expect(await stage.copiesOf(id)).toHaveLength(1);
    expect(await reasons()).toEqual(waiting.map(() => 'inbox_paused'));
  });

  test('is known from the fact, too; an older fact that comes later changes nothing', async () => {
    const caller = callerOf();
    const { organizationId, mode } = caller;
    const inbox = inboxOf();
    const tell = (change: 'paused' | 'resumed' | 'updated', version: number) =>
      stage.delivery.bus.publish(InboxChangedV1, {
        organizationId,
        mode,
        data: { change, version, inbox: { ...inbox, status: change === 'resumed' ? 'active' : 'paused' } },
      });
    const knownAs = (version: number, state: string) =>
      waitFor(async () => {
        const [row] = await stage.delivery.database.query<{ version: number; state: string }>(
          'SELECT version, state FROM inbox_pauses WHERE inbox_id = $1',
          [inbox.id],
        );
        return row?.version === version && row.state === state;
      }, `version ${version}, ${state}`);
    await tell('paused', 4);
    await knownAs(4, 'paused');
    const waiting = await stage.pass({ organizationId, inboxId: inbox.id });
    await waitFor(() => isParked(waiting), 'it to be parked');
    await tell('resumed', 3);
    await tell('updated', 5);
    await knownAs(5, 'paused');
    expect(await isParked(waiting)).toBe(true);
    await tell('resumed', 6);
    await stage.reaches(waiting, 'sent');
    await knownAs(6, 'active');
  });

  test('of another tenant or mode stops nobody else', async () => {
    const caller = callerOf();
    const inboxId = newId('inb');
    await note(callerOf(), inboxId, 'paused', 2);
    await note({ ...caller, mode: 'test' }, inboxId, 'paused', 2);
    await stage.reaches(await stage.pass({ organizationId: caller.organizationId, inboxId }), 'sent');
  });

  test('that is paused and resumed again and again under load keeps nothing back and sends nothing twice', async () => {
    const caller = callerOf();
    const { organizationId } = caller;
    const inboxId = newId('inb');
    const sending = Promise.all(Array.from({ length: 300 }, () => stage.pass({ organizationId, inboxId })));
    for (let version = 2; version < 40; version += 2) {
      await note(caller, inboxId, 'paused', version);
      await note(caller, inboxId, 'active', version + 1);
    }
    const ids = await sending;
    for (const id of ids) expect(await stage.reaches(id, 'sent')).toMatchObject({ attempt: 1, tries: 0 });
    const copies = (await stage.taken()).map(({ tags }) => tags['postern_message']);
    expect(copies.filter((id) => ids.includes(id ?? '')).toSorted()).toEqual(ids.toSorted());
  });
});
