import { InvalidInput, readFields, readNumber } from '../http/input.js';
import { FEEDBACK_FAULTS, SEND_FAULTS } from './faults.js';
import type { FaultSettings, Strike } from './faults.js';

/** The longest delay a timer can hold. */
const MAX_DELAY_MS = 2 ** 31 - 1;

const readStrike = (value: unknown, name: string): Strike => {
  const fields = readFields(value, name, ['next', 'probability']);
  if ('next' in fields === 'probability' in fields) {
    throw new InvalidInput(`${name} needs either {"next": N} or {"probability": p}.`);
  }
  if ('next' in fields) {
    return { next: readNumber(fields['next'], `${name}.next`, { min: 0, max: Number.MAX_SAFE_INTEGER, whole: true }) };
  }
  return { probability: readNumber(fields['probability'], `${name}.probability`, { min: 0, max: 1 }) };
};

const readDelay = (value: unknown, name: string): number => readNumber(value, name, { min: 0, max: MAX_DELAY_MS });

/**
 * Reads a whole set of fault switches.
 * @throws InvalidInput that names the first wrong field.
 */
export const readFaults = (input: unknown): FaultSettings => {
  const fields = readFields(input, 'The body', [...SEND_FAULTS, 'latency_ms', 'feedback']);
  const settings: FaultSettings = {};
  for (const fault of SEND_FAULTS) if (fault in fields) settings[fault] = readStrike(fields[fault], fault);
  if ('latency_ms' in fields) settings.latency_ms = readDelay(fields['latency_ms'], 'latency_ms');
  if ('feedback' in fields) {
    const inner = readFields(fields['feedback'], 'feedback', [...FEEDBACK_FAULTS, 'delay_ms']);
    settings.feedback = {};
    for (const fault of FEEDBACK_FAULTS) {
      if (fault in inner) settings.feedback[fault] = readStrike(inner[fault], `feedback.${fault}`);
    }
    if ('delay_ms' in inner) settings.feedback.delay_ms = readDelay(inner['delay_ms'], 'feedback.delay_ms');
  }
  return settings;
};
