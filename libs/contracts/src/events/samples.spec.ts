import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { Frame } from '../frame.js';
import { EVENTS } from './catalogue.js';

const SAMPLES = new URL('../../samples/', import.meta.url);

/** Samples are never changed or deleted: facts of these shapes may be on a bus somewhere. */
describe.each(EVENTS.map((event) => [event.type, event] as const))('%s', (type, event) => {
  it.each(['minimal', 'full'])('still takes its %s sample, and keeps all of it', (name) => {
    const path = new URL(`${type}/${name}.json`, SAMPLES);
    expect(existsSync(path)).toBe(true);
    const sample = JSON.parse(readFileSync(path, 'utf8')) as { data: unknown };
    expect(Frame.parse(sample).type).toBe(type);
    expect(event.data.parse(sample.data)).toEqual(sample.data);
  });

  it('ignores what a later producer adds', () => {
    const sample = JSON.parse(readFileSync(new URL(`${type}/minimal.json`, SAMPLES), 'utf8')) as { data: object };
    expect(event.data.safeParse({ ...sample.data, addedLater: true }).success).toBe(true);
  });
});

it('types are told apart', () => {
  expect(new Set(EVENTS.map(({ type }) => type)).size).toBe(EVENTS.length);
});
