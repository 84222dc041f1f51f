import { describe, expect, it } from '@jest/globals';
import { kindOf, metadataOf } from './draft-kind.js';

describe('the kind of a draft', () => {
  it.each([
    { client_id: 'c' },
    { in_reply_to: 'msg_1', reply_all: true },
    { in_reply_to: 'msg_1', reply_all: false, client_id: 'c' },
    { forward_of: 'msg_1' },
  ])('%j is kept in metadata', (kind) => {
    expect(kindOf({ metadata: metadataOf(kind) ?? {} })).toEqual(kind);
  });

  it('is plain without any', () => {
    expect(metadataOf({})).toBeUndefined();
    expect(kindOf({ metadata: { team: 'sales' } })).toEqual({});
  });
});
