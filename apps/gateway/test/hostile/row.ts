import type { CallOptions } from '../gateway.harness.js';

/** A request that must be refused, and how. */
export type Row = [what: string, method: string, path: string, options: CallOptions, status: number, code: string];

export const MIB = 1024 * 1024;
/** An inbox named "box" exists. */
export const SEND = '/v1/inboxes/box/messages';

export const typed = (type: string, payload: string | Buffer = '{}'): CallOptions => ({
  payload,
  headers: { 'content-type': type },
});
export const json = (payload: string | Buffer): CallOptions => typed('application/json', payload);
export const body = (value: unknown): CallOptions => ({ body: value });
export const header = (name: string, value: string): CallOptions => ({ headers: { [name]: value }, body: {} });
export const send = (more: object): CallOptions => body({ to: 'ann@example.com', text: 'Hello', ...more });

/** Rows that differ in what they send only. */
export const posts = (
  path: string,
  status: number,
  code: string,
  cases: readonly [what: string, options: CallOptions][],
): Row[] => cases.map(([what, options]) => [what, 'POST', path, options, status, code]);

/** Rows that differ in their path only. */
export const gets = (
  status: number,
  code: string,
  cases: readonly [what: string, path: string][],
  options: CallOptions = {},
): Row[] => cases.map(([what, path]) => [what, 'GET', path, options, status, code]);
