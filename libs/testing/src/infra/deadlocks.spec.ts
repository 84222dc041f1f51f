import { expect, test } from '@jest/globals';
import { deadlocksIn, refuseDeadlocks } from './deadlocks.js';

const QUIET = `2026-11-22 01:00:00.000 UTC [10] postern_webhooks ERROR:  duplicate key value violates unique constraint "inbox_pkey"
2026-11-22 01:00:00.000 UTC [10] postern_webhooks DETAIL:  Key (id)=(1) already exists.
`;
const DEADLOCK = `2026-11-22 01:00:01.000 UTC [20] postern_webhooks ERROR:  deadlock detected
2026-11-22 01:00:01.000 UTC [10] postern_webhooks DETAIL:  Somebody else's.
2026-11-22 01:00:01.000 UTC [20] postern_webhooks DETAIL:  Process 20 waits for ShareLock on transaction 7; blocked by process 21.
\tProcess 21 waits for ShareLock on transaction 8; blocked by process 20.
\tProcess 20: DELETE FROM webhooks
\tProcess 21: INSERT INTO calls
2026-11-22 01:00:01.000 UTC [20] postern_webhooks HINT:  See server log for query details.
2026-11-22 01:00:01.000 UTC [20] postern_webhooks STATEMENT:  DELETE FROM webhooks
`;

test('a deadlock is told with who waited for whom and the statements', () => {
  expect(deadlocksIn(`${QUIET}${DEADLOCK}${QUIET}`)).toEqual([
    'Process 20 waits for ShareLock on transaction 7; blocked by process 21.\n' +
      '\tProcess 21 waits for ShareLock on transaction 8; blocked by process 20.\n' +
      '\tProcess 20: DELETE FROM webhooks\n\tProcess 21: INSERT INTO calls',
  ]);
  expect(() => refuseDeadlocks(DEADLOCK)).toThrow('1 deadlock');
});

test('one whose report was cut off counts too', () => {
  expect(deadlocksIn(DEADLOCK.split('\n').slice(0, 1).join('\n'))).toHaveLength(1);
});

test('other errors are no deadlocks', () => {
  expect(deadlocksIn(QUIET)).toEqual([]);
  expect(() => refuseDeadlocks(QUIET)).not.toThrow();
});
