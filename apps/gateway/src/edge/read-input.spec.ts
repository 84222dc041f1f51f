import { describe, expect, it } from '@jest/globals';
import { GetMessageRoute, ListInboxMessagesRoute, newId, PauseInboxRoute, UpdateInboxRoute } from '@postern/contracts';
import { readInput } from './read-input.js';

describe('readInput', () => {
  it('reads defaults and numbers of the query', () => {
    const read = readInput(ListInboxMessagesRoute, { params: { inbox: 'a' }, query: { limit: '5' }, body: undefined });
    expect(read).toEqual({ ok: true, input: { params: { inbox: 'a' }, query: { limit: 5 }, body: {} } });
  });

  it('names all problems of query and body at once', () => {
    const read = readInput(UpdateInboxRoute, {
      params: { inbox: 'a' },
      query: { page: '2' },
      body: { undo_seconds: -1, colour: 'red' },
    });
    expect(read.ok ? [] : read.issues.map(({ path }) => path).sort()).toEqual(['colour', 'page', 'undo_seconds']);
  });

  it('takes an absent body and an empty one where nothing is needed, but not null', () => {
    const pause = (body: unknown) => readInput(PauseInboxRoute, { params: { inbox: 'a' }, query: {}, body }).ok;
    expect([pause(undefined), pause({}), pause(null), pause([]), pause({ now: true })]).toEqual([
      true,
      true,
      false,
      false,
      false,
    ]);
  });

  it.each(['msg_1', newId('inb'), '', 'msg_01K9X5E8W2F7H8J9K0M1N2P3Q4'])('knows no message %j', (id) => {
    expect(() => readInput(GetMessageRoute, { params: { id }, query: {}, body: undefined })).toThrow(
      expect.objectContaining({ httpStatus: 404 }),
    );
  });
});
