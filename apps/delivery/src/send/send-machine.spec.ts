import { describe, expect, test } from '@jest/globals';
import { next, SEND_INPUTS, SEND_STATES, stateAfter, statesBefore } from './send-machine.js';

// The whole table, written out: `-` is "ignored, because". Columns in the order of SEND_INPUTS.
const TABLE = `
             arrive  claim   suppress_all give_back take    wait    reject   give_up doubt    prove resend  cancel
expected     pending -       -            -         -       -       -        -       -        -     -       cancelled
pending      -       claimed suppressed   -         -       -       -        -       -        sent  -       cancelled
claimed      -       -       -            pending   sent    pending rejected failed  in_doubt sent  -       -
in_doubt     -       -       -            pending   sent    pending rejected failed  -        sent  pending -
sent         -       -       -            -         -       -       -        -       -        -     -       -
failed       -       -       -            -         -       -       -        -       -        -     -       -
rejected     -       -       -            -         -       -       -        -       -        -     -       -
cancelled    -       -       -            -         -       -       -        -       -        -     -       -
suppressed   -       -       -            -         -       -       -        -       -        -     -       -
`;

const [head = [], ...rows] = TABLE.trim()
  .split('\n')
  .map((line) => line.trim().split(/\s+/));

describe('the machine of a send', () => {
  test('the table names every state and every input', () => {
    expect(head).toEqual([...SEND_INPUTS]);
    expect(rows.map(([state]) => state)).toEqual([...SEND_STATES]);
  });

  const cells = SEND_STATES.flatMap((state, row) =>
    SEND_INPUTS.map((input, column) => ({ state, input, expected: rows[row]?.[column + 1] })),
  );
  test.each(cells)('$state, $input → $expected', ({ state, input, expected }) => {
    const step = next(state, input);
    if (expected === '-') expect(step).toEqual({ ignored: expect.stringMatching(/\w/) });
    else expect(step).toEqual({ to: expected });
  });

  test.each(SEND_INPUTS)('%s leads to one state, from the states that statements look for', (input) => {
    for (const state of statesBefore(input)) expect(next(state, input)).toEqual({ to: stateAfter(input) });
    expect(statesBefore(input).length).toBeGreaterThan(0);
  });

  test('nothing leaves an end', () => {
    const ends = SEND_STATES.filter((state) => SEND_INPUTS.every((input) => 'ignored' in next(state, input)));
    expect(ends).toEqual(['sent', 'failed', 'rejected', 'cancelled', 'suppressed']);
  });

  test('a message in doubt is never cancelled and never claimed: it was perhaps sent', () => {
    expect(next('in_doubt', 'cancel')).toHaveProperty('ignored');
    expect(next('in_doubt', 'claim')).toHaveProperty('ignored');
  });
});
