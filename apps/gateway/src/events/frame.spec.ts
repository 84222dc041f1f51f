import { describe, expect, test } from '@jest/globals';
import { newId, type PublicEvent } from '@postern/contracts';
import { framesOf, lastEventIdOf } from './frame.js';

const event = (sequence: number, data: Record<string, unknown> = {}): PublicEvent => ({
  id: newId('evt'),
  type: 'message.sent',
  sequence,
  timestamp: '2026-11-21T13:25:59.123Z',
  organization_id: newId('org'),
  mode: 'live',
  data,
});

describe('a frame', () => {
  test('is id, type and the whole event on one line, whatever is in it', () => {
    const told = event(7, { text: 'one\r\ntwo\u2028three\n\ndata: forged' });
    const [id, type, data, ...rest] = framesOf([told]).toString().split('\n');
    expect([id, type, rest]).toEqual(['id: 7', 'event: message.sent', ['', '']]);
    expect(JSON.parse(data?.slice('data: '.length) ?? '')).toEqual(told);
  });

  test('follows the one before it', () => {
    expect(
      framesOf([event(1), event(2)])
        .toString()
        .match(/^id: \d+$/gm),
    ).toEqual(['id: 1', 'id: 2']);
    expect(framesOf([])).toHaveLength(0);
  });
});

describe('Last-Event-ID', () => {
  test.each([
    [undefined, null],
    ['', null],
    ['0', 0],
    ['42', 42],
    ['-1', Number.NaN],
    ['4.2', Number.NaN],
    ['1e3', Number.NaN],
    ['evt_1', Number.NaN],
    ['9007199254740993', Number.NaN],
    ['99999999999999999', Number.NaN],
  ])('%j is %p', (header, sequence) => expect(lastEventIdOf(header)).toBe(sequence));
});
