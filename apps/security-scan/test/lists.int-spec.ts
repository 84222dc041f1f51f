import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  type CommandContext,
  CreateListEntry,
  DeleteListEntry,
  GetListEntry,
  GetListSnapshot,
  InboxChangedV1,
  ListEntryChangedV1,
  type ListEntry,
  ListListEntries,
  newId,
  UpdateListEntry,
} from '@postern/contracts';
import {
  callerOf,
  type Infra,
  inboxOf,
  type ServiceUnderTest,
  startInfra,
  startService,
  waitFor,
} from '@postern/testing';
import { migrations } from '../src/store/migrations/index.js';
import { scanServiceFromSources } from './extractor-from-sources.js';

const ANN = 'ann@example.com';
const BOB = 'bob@other.example';

let infra: Infra;
let sut: ServiceUnderTest;

beforeAll(async () => {
  infra = await startInfra();
  sut = await startService({ infra, service: scanServiceFromSources, schema: 'security_scan', migrations });
});
afterAll(async () => {
  await sut.stop();
  await infra.stop();
});

type Wanted = Pick<ListEntry, 'kind' | 'direction' | 'pattern'> & Partial<ListEntry>;

const enter = (caller: CommandContext, wanted: Wanted): Promise<ListEntry> =>
  sut.ask(CreateListEntry, caller, { inbox_id: null, require_aligned: false, reason: null, ...wanted });

const refusal = (call: Promise<unknown>): Promise<unknown> =>
  call.then(
    () => 'it was done',
    (error: { code: string }) => error.code,
  );

describe('entries', () => {
  it('are made, read, changed and deleted by their tenant, and every change is told once with its version', async () => {
    const caller = callerOf();
    const made = await enter(caller, { kind: 'block', direction: 'send', pattern: ANN, reason: 'Left' });
    expect(await sut.ask(GetListEntry, caller, { id: made.id })).toEqual(made);
    const changed = await sut.ask(UpdateListEntry, caller, { id: made.id, body: { kind: 'allow', reason: null } });
    expect(changed).toMatchObject({ id: made.id, kind: 'allow', pattern: ANN, reason: null });
    await sut.ask(DeleteListEntry, caller, { id: made.id });
    expect(await refusal(sut.ask(DeleteListEntry, caller, { id: made.id }))).toBe('not_found');
    const told = await waitFor(async () => {
      const facts = (await sut.bus.factsOf(ListEntryChangedV1)).filter(({ data }) => data.entry.id === made.id);
      return facts.length >= 3 ? facts : null;
    }, 'three facts');
    expect(told.map(({ data }) => [data.change, data.version, data.entry.kind, data.actor])).toEqual([
      ['created', 1, 'block', caller.keyId],
      ['updated', 2, 'allow', caller.keyId],
      ['deleted', 3, 'allow', caller.keyId],
    ]);
  });

  it('are one for an inbox, direction and pattern', async () => {
    const caller = callerOf();
    const wanted = { kind: 'block', direction: 'send', pattern: ANN } as const;
    const made = await Promise.all(Array.from({ length: 10 }, () => enter(caller, wanted)));
    expect(new Set(made.map(({ id }) => id)).size).toBe(1);
    expect(await refusal(enter(caller, { ...wanted, kind: 'allow' }))).toBe('invalid_state');
    await enter(caller, { ...wanted, inbox_id: newId('inb') });
    await enter(callerOf(), { ...wanted, kind: 'allow' });
    expect((await sut.ask(ListListEntries, caller, { limit: 10 })).data).toHaveLength(2);
  });

  it('require a proven sender only where they let mail in', async () => {
    const caller = callerOf();
    const { id } = await enter(caller, { kind: 'allow', direction: 'receive', pattern: ANN, require_aligned: true });
    expect(await refusal(sut.ask(UpdateListEntry, caller, { id, body: { kind: 'block' } }))).toBe('validation_error');
    const body = { kind: 'block', require_aligned: false } as const;
    expect(await sut.ask(UpdateListEntry, caller, { id, body })).toMatchObject(body);
  });

  it('are found by each filter, page by page, newest first', async () => {
    const caller = callerOf();
    const inbox_id = newId('inb');
    const made = [
      await enter(caller, { kind: 'block', direction: 'send', pattern: ANN }),
      await enter(caller, { kind: 'allow', direction: 'send', pattern: BOB }),
      await enter(caller, { kind: 'block', direction: 'receive', pattern: ANN, inbox_id }),
    ].map(({ id }) => id);
    const found = async (query: object) =>
      (await sut.ask(ListListEntries, caller, { limit: 10, ...query })).data.map(({ id }) => made.indexOf(id));
    expect(await found({})).toEqual([2, 1, 0]);
    expect(await found({ kind: 'block' })).toEqual([2, 0]);
    expect(await found({ direction: 'send' })).toEqual([1, 0]);
    expect(await found({ inbox_id })).toEqual([2]);
    expect(await found({ pattern: ANN })).toEqual([2, 0]);
    const page = await sut.ask(ListListEntries, caller, { limit: 2 });
    expect(await found({ cursor: page.next_cursor })).toEqual([0]);
  });

  it('of inboxes that a key is not bound to, and of the organization, are not there for that key', async () => {
    const caller = callerOf();
    const own = newId('inb');
    const bound = { ...caller, inboxIds: [own] };
    const wanted = { kind: 'block', direction: 'send', pattern: ANN } as const;
    const [ofAll, ofOther] = [await enter(caller, wanted), await enter(caller, { ...wanted, inbox_id: newId('inb') })];
    const ofOwn = await enter(bound, { ...wanted, inbox_id: own });
    expect((await sut.ask(ListListEntries, bound, { limit: 10 })).data).toEqual([ofOwn]);
    for (const { id } of [ofAll, ofOther]) {
      for (const stranger of [bound, callerOf(), { ...caller, mode: 'test' as const }]) {
        expect(await refusal(sut.ask(GetListEntry, stranger, { id }))).toBe('not_found');
        expect(await refusal(sut.ask(UpdateListEntry, stranger, { id, body: {} }))).toBe('not_found');
        expect(await refusal(sut.ask(DeleteListEntry, stranger, { id }))).toBe('not_found');
      }
    }
    expect(await refusal(enter(bound, wanted))).toBe('forbidden');
    expect(await refusal(enter(bound, { ...wanted, inbox_id: newId('inb') }))).toBe('not_found');
  });

  it('of a deleted inbox go with it', async () => {
    const caller = callerOf();
    const inbox = inboxOf();
    const entry = { kind: 'block', direction: 'send', pattern: ANN } as const;
    const ofInbox = await enter(caller, { ...entry, inbox_id: inbox.id });
    const ofAll = await enter(caller, entry);
    await sut.bus.publish(InboxChangedV1, { ...caller, data: { change: 'deleted', inbox, version: 2, actor: null } });
    const told = await waitFor(
      async () =>
        (await sut.bus.factsOf(ListEntryChangedV1)).find(
          ({ data }) => data.change === 'deleted' && data.entry.id === ofInbox.id,
        ),
      'the entry to be gone',
    );
    expect(told.data).toMatchObject({ version: 2, actor: null });
    expect((await sut.ask(ListListEntries, caller, { limit: 10 })).data).toEqual([ofAll]);
  });

  it('are all in the snapshot, in pages', async () => {
    const caller = callerOf();
    const made = Array.from({ length: 1_100 }, () => newId('lst'));
    await sut.database.query(
      `INSERT INTO list_entries (organization_id, mode, id, kind, direction, pattern, require_aligned)
       SELECT $1, $2, id, 'block', 'send', id || '.example', false FROM unnest($3::text[]) AS q(id)`,
      [caller.organizationId, caller.mode, made],
    );
    const seen = new Set<string>();
    for (let after = null; ;) {
      const page = await sut.ask(GetListSnapshot, caller, { after });
      for (const { id } of page.data) seen.add(id);
      if (page.next === null) break;
      after = page.next as never;
    }
    expect(made.filter((id) => !seen.has(id))).toEqual([]);
  });
});
