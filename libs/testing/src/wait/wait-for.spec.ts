import { expect, test } from '@jest/globals';
import { untilMoment } from './until-moment.js';
import { waitFor } from './wait-for.js';

test('the first truthy answer is given back', async () => {
  const answers = [null, 0, 'there', 'too late'];
  expect(await waitFor(() => answers.shift(), 'an answer')).toBe('there');
});

test('what does not come true in time is named, and was not looked at all the time', async () => {
  let looks = 0;
  const look = () => {
    looks += 1;
    return false;
  };
  await expect(waitFor(look, 'the moon', 500)).rejects.toThrow('waited 500 ms in vain for: the moon');
  expect(looks).toBeGreaterThan(1);
  // Every 20 ms would be 25.
  expect(looks).toBeLessThan(21);
});

test('a moment is never left early', async () => {
  const at = Date.now() + 30;
  await untilMoment(at);
  expect(Date.now()).toBeGreaterThanOrEqual(at);
  await untilMoment(at);
});
