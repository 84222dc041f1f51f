import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { EVENTS } from './catalogue.js';
import { messageOf } from './message-of.js';

const SAMPLES = new URL('../../samples/', import.meta.url);
/** These name a message only as the reason for something else, which outlives it. */
const SPEAKS_OF_ANOTHER_THING = /^delivery\.suppression\./;

describe(messageOf, () => {
  it.each(EVENTS.map(({ type }) => [type]))('finds the message of %s where one is named', (type) => {
    const text = readFileSync(new URL(`${type}/full.json`, SAMPLES), 'utf8');
    const named = [...text.matchAll(/"(?:messageId|id|mailId)": "(?:msg|mail)_(\w+)"/g)].map(([, end]) => `msg_${end}`);
    const found = messageOf((JSON.parse(text) as { data: unknown }).data);
    if (SPEAKS_OF_ANOTHER_THING.test(type) || named.length === 0) expect(found).toBeNull();
    else expect(named).toContain(found);
  });

  it.each([[null], [undefined], ['text'], [{}], [{ messageId: null }], [{ message: 'text' }]])(
    'is null for %j',
    (data) => {
      expect(messageOf(data)).toBeNull();
    },
  );
});
