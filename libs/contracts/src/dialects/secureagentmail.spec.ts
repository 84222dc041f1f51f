import { expect, it } from '@jest/globals';
import { DeliveryStatus, SecurityStatus } from '../status.js';
import type { MessageToTell } from './message.js';
import { secureAgentMailMessage, secureAgentMailStatus } from './secureagentmail.js';

it.each(DeliveryStatus.options)(
  'a message that is %s is clean or flagged only when it was judged and not stopped',
  (status) => {
    const shown = SecurityStatus.options.map((security_status) =>
      secureAgentMailStatus({ security_status, delivery_status: status }),
    );
    const isStopped = status === 'held' || status === 'rejected';
    expect(shown).toEqual([
      'withheld',
      isStopped ? 'withheld' : 'clean',
      isStopped ? 'withheld' : 'flagged',
      'withheld',
      'withheld',
    ]);
  },
);

it.each([
  [{ text: 'Hi', html: '<p>Hi</p>' }, 'Hi'],
  [{ text: '', html: '<p>Hi</p>' }, ''],
  [{ text: null, html: '<p>Hi</p>' }, '<p>Hi</p>'],
  [{ text: null, html: null }, null],
])('of %j both bodies are %j', (content, body) => {
  const message = { from: { address: 'a@b.example', name: null }, to: [], ...content } as unknown as MessageToTell;
  expect(secureAgentMailMessage(message)).toMatchObject({ body, body_sanitized: body });
});
