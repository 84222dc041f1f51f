import { z } from 'zod';

/** RFC 3339 in UTC with milliseconds, as every response shows times. */
export const Timestamp = z.iso.datetime().meta({ example: '2026-11-21T13:25:59.123Z' });

/** A time in a request: RFC 3339 with any offset. */
export const TimestampInput = z.iso.datetime({ offset: true });
