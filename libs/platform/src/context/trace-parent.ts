import { randomBytes } from 'node:crypto';

// W3C Trace Context §3.2: version, trace-id, parent-id, trace-flags; ids of zeros are invalid, version ff is forbidden.
const TRACEPARENT = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/;
const TRACE_ID_BYTES = 16;
const PARENT_ID_BYTES = 8;
const SAMPLED = '01';

export interface TraceParent {
  /** 32 hex digits, the same through all hops. */
  traceId: string;
  /** 16 hex digits, of the caller. */
  parentId: string;
  /** 2 hex digits. */
  flags: string;
}

/** Reads a `traceparent` header; null when it is absent or not valid (then a new trace is begun). */
export function parseTraceparent(header: string | undefined): TraceParent | null {
  const [, version, traceId, parentId, flags, rest] = TRACEPARENT.exec(header ?? '') ?? [];
  if (!version || !traceId || !parentId || !flags || version === 'ff') return null;
  // §3.2.2: version 00 has nothing after the flags; later versions may.
  if (version === '00' && rest !== undefined) return null;
  if (/^0+$/.test(traceId) || /^0+$/.test(parentId)) return null;
  return { traceId, parentId, flags };
}

/** Begins a trace. */
export const newTraceparent = (): string =>
  `00-${randomBytes(TRACE_ID_BYTES).toString('hex')}-${randomBytes(PARENT_ID_BYTES).toString('hex')}-${SAMPLED}`;

/** The next hop of the same trace; a new trace when the given one is absent or not valid. */
export function childTraceparent(traceparent: string | undefined): string {
  const parent = parseTraceparent(traceparent);
  if (!parent) return newTraceparent();
  return `00-${parent.traceId}-${randomBytes(PARENT_ID_BYTES).toString('hex')}-${parent.flags}`;
}
