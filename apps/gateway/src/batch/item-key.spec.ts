import { describe, expect, it } from '@jest/globals';
import { SendBatchRoute } from '@postern/contracts';
import { hashOfBody } from '../edge/canonical-json.js';
import { itemKey } from './item-key.js';

const header = { key: 'header', scope: 'POST /v1/messages/batch', bodyHash: 'of the whole batch' };
const item = { text: 'Hi' };

describe(itemKey, () => {
  it('is the client_id of the item, wherever the item stands', () => {
    const key = { key: 'mine', scope: 'POST /v1/messages/batch', bodyHash: hashOfBody(item) };
    expect(itemKey(SendBatchRoute, header, item, 'mine', 0)).toEqual(key);
    expect(itemKey(SendBatchRoute, null, item, 'mine', 7)).toEqual(key);
  });

  it('else belongs to the header and the place', () => {
    const key = { key: 'header', bodyHash: hashOfBody(item) };
    expect(itemKey(SendBatchRoute, header, item, undefined, 0)).toEqual({ ...key, scope: 'POST /v1/messages/batch#0' });
    expect(itemKey(SendBatchRoute, header, item, undefined, 7)).toEqual({ ...key, scope: 'POST /v1/messages/batch#7' });
  });

  it('is none without either', () => {
    expect(itemKey(SendBatchRoute, null, item, undefined, 0)).toBeNull();
  });
});
