import { z } from 'zod';
import type { FrontReply } from '../front.js';

export const ok = (body: unknown): FrontReply => ({ status: 200, body });
export const DONE: FrontReply = { status: 204 };

const saysNot = (why: string): string => `is not offered here: ${why}`;
/** A documented field that nothing here can do; what says nothing is taken. */
export const notOffered = (why: string) => z.never({ error: saysNot(why) }).optional();
/** A documented switch that can only be off here. */
export const onlyOff = (why: string) => z.literal(false, { error: saysNot(why) }).optional();
/** The same, in a query. */
export const onlyOffText = (why: string) => z.literal('false', { error: saysNot(why) }).optional();

/** AgentMail leaves out what is not there. */
export const present = (fields: object): Record<string, unknown> =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null && value !== undefined));

/** One text or several, as bodies have it. */
export const OneOrMore = z.union([z.string(), z.array(z.string())]);
export const listOf = (value: string | readonly string[] | undefined): string[] =>
  typeof value === 'string' ? [value] : [...(value ?? [])];
