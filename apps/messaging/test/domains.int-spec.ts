import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  type CommandContext,
  CreateInbox,
  type DomainId,
  DomainChangedV1,
  newId,
  ReleaseDomain,
} from '@postern/contracts';
import { callerOf, waitFor } from '@postern/testing';
import { Harness } from './harness.js';

let harness: Harness;
let count = 0;

beforeAll(async () => {
  harness = await Harness.start();
});
afterAll(() => harness.stop());

interface Told {
  id: DomainId;
  name: string;
  version: number;
  owned?: boolean;
  maySend?: boolean;
  isGone?: boolean;
}

const freshDomain = () => ({ id: newId('dom'), name: `d${(count += 1)}.example` });

/** Says what delivery says of a domain, and waits until messaging has heard it. */
async function tell({ organizationId, mode }: CommandContext, told: Told): Promise<void> {
  const { id, name, version, owned = true, maySend = true, isGone = false } = told;
  const eventId = await harness.sut.bus.publish(DomainChangedV1, {
    organizationId,
    mode,
    data: {
      change: isGone ? 'deleted' : 'updated',
      domain: {
        id,
        name,
        records: [],
        created_at: new Date().toISOString(),
        sending_status: maySend ? 'verified' : 'pending',
        receiving_status: 'pending',
      },
      owned,
      version,
      actor: null,
    },
  });
  await waitFor(async () => {
    const rows = await harness.sut.database.query('SELECT 1 FROM inbox WHERE event_id = $1', [eventId]);
    return rows.length > 0;
  }, 'the fact to be heard');
}

const inboxIn = (caller: CommandContext, domain: string) => harness.sut.ask(CreateInbox, caller, { domain });
const release = (caller: CommandContext, { id, name }: { id: DomainId; name: string }, version: number) =>
  harness.sut.ask(ReleaseDomain, caller, { id, name, version });
const refused = { code: 'validation_error', details: { issues: [expect.objectContaining({ path: 'domain' })] } };

describe('an inbox', () => {
  test('is made only in a domain that the organization has proven, in the mode of its key', async () => {
    const caller = callerOf();
    const domain = freshDomain();
    await expect(inboxIn(caller, domain.name)).rejects.toMatchObject(refused);
    await tell(caller, { ...domain, version: 1, owned: false, maySend: false });
    await expect(inboxIn(caller, domain.name)).rejects.toMatchObject(refused);
    await tell(caller, { ...domain, version: 2, maySend: false });
    expect((await inboxIn(caller, domain.name.toUpperCase())).address.split('@')[1]).toBe(domain.name);
    for (const stranger of [callerOf(), callerOf({ organizationId: caller.organizationId, mode: 'test' })]) {
      await expect(inboxIn(stranger, domain.name)).rejects.toMatchObject(refused);
    }
  });

  test('of a domain that is not verified sends nothing in live mode, and as before in test mode', async () => {
    const live = callerOf();
    const domain = freshDomain();
    await tell(live, { ...domain, version: 1, maySend: false });
    const inbox = await inboxIn(live, domain.name);
    await expect(harness.send(live, inbox)).rejects.toMatchObject({ code: 'invalid_state' });
    await tell(live, { ...domain, version: 2 });
    expect((await harness.send(live, inbox)).from.address).toBe(inbox.address);
    await tell(live, { ...domain, version: 3, owned: false });
    await expect(harness.send(live, inbox)).rejects.toMatchObject({ code: 'invalid_state' });

    const trial = callerOf({ mode: 'test' });
    await tell(trial, { ...domain, version: 1, maySend: false });
    await harness.send(trial, await inboxIn(trial, domain.name));
  });

  test('knows what the latest version said, whatever came last; and a deleted domain stays deleted', async () => {
    const caller = callerOf();
    const domain = freshDomain();
    await tell(caller, { ...domain, version: 5, owned: false });
    await tell(caller, { ...domain, version: 4 });
    await expect(inboxIn(caller, domain.name)).rejects.toMatchObject(refused);
    await tell(caller, { ...domain, version: 6, owned: false, isGone: true });
    const again = { ...domain, id: newId('dom') };
    await tell(caller, { ...again, version: 1 });
    await tell(caller, { ...domain, version: 7, owned: false, isGone: true });
    await inboxIn(caller, domain.name);
  });
});

describe('a domain that is about to be deleted', () => {
  test('is released when no inbox uses it, and takes no more inboxes', async () => {
    const caller = callerOf();
    const domain = freshDomain();
    await tell(caller, { ...domain, version: 1 });
    await inboxIn(caller, domain.name);
    expect(await release(caller, domain, 1)).toEqual({ released: false });
    const unused = freshDomain();
    await tell(caller, { ...unused, version: 1 });
    expect(await release(caller, unused, 1)).toEqual({ released: true });
    expect(await release(caller, unused, 1)).toEqual({ released: true });
    await expect(inboxIn(caller, unused.name)).rejects.toMatchObject(refused);
    // The deletion did not come about: the next fact takes the release back.
    await tell(caller, { ...unused, version: 2 });
    await inboxIn(caller, unused.name);
  });

  test('has either an inbox or a release, however they race', async () => {
    const caller = callerOf();
    for (let round = 0; round < 10; round += 1) {
      const domain = freshDomain();
      await tell(caller, { ...domain, version: 1 });
      const [{ released }, made] = await Promise.all([
        release(caller, domain, 1),
        inboxIn(caller, domain.name).then(
          () => true,
          () => false,
        ),
      ]);
      expect(made).toBe(!released);
    }
  });
});
