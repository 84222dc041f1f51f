import { describe, expect, it } from '@jest/globals';
import type { MessageJson } from '../get-message.js';
import { labelChange, labelsOf, ownLabels, queryForLabels } from './labels.js';
import { Problem } from '../problem.js';

const message = (given: Partial<MessageJson>) =>
  ({ direction: 'outbound', delivery_status: 'queued', security_status: 'clean', labels: [], ...given }) as MessageJson;

describe(labelsOf, () => {
  it.each([
    [{ delivery_status: 'held' }, ['held']],
    [{ delivery_status: 'sent' }, ['sent']],
    [{ delivery_status: 'delivered' }, ['sent', 'delivered']],
    [{ delivery_status: 'bounced', labels: ['mine'] }, ['sent', 'bounced', 'mine']],
    [{ delivery_status: 'rejected' }, ['rejected']],
    [{ direction: 'inbound', delivery_status: 'received' }, ['received', 'unread']],
    [{ direction: 'inbound', delivery_status: 'received', labels: ['read'] }, ['received', 'read']],
    [
      { direction: 'inbound', delivery_status: 'received', security_status: 'withheld' },
      ['received', 'unread', 'blocked'],
    ],
  ] as [Partial<MessageJson>, string[]][])('of %j are %j', (given, labels) => {
    expect(labelsOf(message(given))).toEqual(labels);
  });
});

describe(queryForLabels, () => {
  it.each([
    [[], {}],
    [['mine'], { label: 'mine' }],
    [['received', 'mine'], { direction: 'inbound', label: 'mine' }],
    [['sent', 'bounced'], { direction: 'outbound', delivery_status: 'bounced' }],
    [['blocked'], { direction: 'inbound', security_status: 'withheld' }],
  ])('for %j asks %j', (labels, query) => {
    expect(queryForLabels(labels)).toEqual(query);
  });

  it('asks of each sent status: sent too', () => {
    expect(queryForLabels(['sent'])).toEqual({ direction: 'outbound' });
  });
});

describe(labelChange, () => {
  it.each([
    [['a'], ['b'], { add_labels: ['a'], remove_labels: ['b'] }],
    [['a', 'b'], ['b'], { add_labels: ['a'], remove_labels: ['b'] }],
    [['read'], ['unread'], { add_labels: ['read'], remove_labels: [] }],
    [[], ['unread'], { add_labels: ['read'], remove_labels: [] }],
    [['unread'], [], { add_labels: [], remove_labels: ['read'] }],
    [['unread'], ['read'], { add_labels: [], remove_labels: ['read'] }],
  ])('to add %j and to remove %j', (add, remove, change) => {
    expect(labelChange(add, remove)).toEqual(change);
  });

  it.each(['sent', 'received', 'delivered', 'blocked', 'unread'])('leaves %s to Postern', (label) => {
    expect(() => ownLabels([label], 'labels')).toThrow(Problem);
  });
});
