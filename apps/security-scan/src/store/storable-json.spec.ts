import { expect, it } from '@jest/globals';
import { storableJson } from './storable-json.js';

it('leaves nothing in JSON that jsonb refuses', () => {
  expect(JSON.parse(storableJson([{ text: 'a\0b\ud800c', list: ['\udfff'], at: null }]))).toEqual([
    { text: 'ab\ufffdc', list: ['\ufffd'], at: null },
  ]);
});
