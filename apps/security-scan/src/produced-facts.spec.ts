import { expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import {
  Frame,
  ScanInboundCompletedV1,
  ScanOutboundHeldV1,
  ScanOutboundPassedV1,
  ScanOutboundRejectedV1,
} from '@postern/contracts';

const SAMPLES = new URL('../../../libs/contracts/samples/', import.meta.url);
const events = [ScanOutboundPassedV1, ScanOutboundHeldV1, ScanOutboundRejectedV1, ScanInboundCompletedV1];

/** Samples are never changed or deleted: facts of this shape are on the bus. */
it.each(events.flatMap((event) => ['minimal', 'full'].map((name) => [event.type, name, event] as const)))(
  '%s, %s sample meets the contract',
  (type, name, event) => {
    const sample = JSON.parse(readFileSync(new URL(`${type}/${name}.json`, SAMPLES), 'utf8')) as { data: unknown };
    expect(Frame.parse(sample).type).toBe(type);
    expect(event.data.parse(sample.data)).toEqual(sample.data);
  },
);
