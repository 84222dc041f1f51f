import { describe, expect, it } from '@jest/globals';
import { followingReferences, knownId } from './ancestry.js';

const NONE = { own_message_id: null, wire_message_id: null, received_id: null, in_reply_to: null, reference_ids: [] };

describe('what follows a message', () => {
  it('names mail by the id that it came with', () => {
    const mail = { ...NONE, received_id: '<c@x>', in_reply_to: '<b@x>', reference_ids: ['<a@x>', '<b@x>'] };
    expect(knownId(mail)).toBe('<c@x>');
    expect(followingReferences(mail)).toEqual(['<a@x>', '<b@x>', '<c@x>']);
  });

  it('names an own message by the id on the wire, and by our own beside it', () => {
    const sent = {
      ...NONE,
      own_message_id: '<msg_1@p>',
      wire_message_id: '<ses@amazonses.com>',
      reference_ids: ['<a@x>'],
    };
    expect(knownId(sent)).toBe('<ses@amazonses.com>');
    expect(followingReferences(sent)).toEqual(['<a@x>', '<msg_1@p>', '<ses@amazonses.com>']);
    expect(knownId({ ...sent, wire_message_id: null })).toBe('<msg_1@p>');
  });

  it('takes In-Reply-To where References are missing, and nothing that no header can hold', () => {
    expect(followingReferences({ ...NONE, received_id: '<b@x>', in_reply_to: '<a@x>' })).toEqual(['<a@x>', '<b@x>']);
    const odd = { ...NONE, received_id: '<ü x>', reference_ids: ['<a@x>', 'no brackets', '<\r\n>'] };
    expect(knownId(odd)).toBeNull();
    expect(followingReferences(odd)).toEqual(['<a@x>']);
  });

  it('names at most as many as a body may', () => {
    const reference_ids = Array.from({ length: 300 }, (_, n) => `<${n}@x>`);
    const following = followingReferences({ ...NONE, received_id: '<last@x>', reference_ids });
    expect(following).toHaveLength(100);
    expect([following[0], following.at(-1)]).toEqual(['<0@x>', '<last@x>']);
  });
});
