import { expect, it } from '@jest/globals';
import { DeliveryStatus, SecurityStatus } from '@postern/contracts';
import { statusOf } from './shown-message.js';

it.each(DeliveryStatus.options)(
  'a message that is %s is clean or flagged only when it was judged and not stopped',
  (status) => {
    const shown = SecurityStatus.options.map((security_status) =>
      statusOf({ security_status, delivery_status: status }),
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
