import { expect, test } from '@jest/globals';
import { BODY_MAX_BYTES, eventData } from './event-data.js';

const half = 'ü'.repeat(BODY_MAX_BYTES / 4);

test('data is kept as it is, and weighed in octets', () => {
  expect(eventData({ id: 'msg_1', text: 'ü' })).toEqual({ json: '{"id":"msg_1","text":"ü"}', sizeBytes: 26 });
});

test('what is too large loses its content first', () => {
  const { json, sizeBytes } = eventData({
    id: 'msg_1',
    url: '/v1/messages/msg_1',
    subject: 'a',
    text: half,
    html: half,
  });
  expect(JSON.parse(json)).toEqual({
    id: 'msg_1',
    url: '/v1/messages/msg_1',
    subject: 'a',
    text: null,
    html: null,
    text_parts: [],
    truncated: true,
  });
  expect(sizeBytes).toBeLessThan(BODY_MAX_BYTES);
});

test('and then all but its names', () => {
  const { json } = eventData({ id: 'msg_1', url: '/v1/messages/msg_1', references: [half, half], text: 'a' });
  expect(JSON.parse(json)).toEqual({ id: 'msg_1', url: '/v1/messages/msg_1', truncated: true });
});
