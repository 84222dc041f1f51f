import { z } from 'zod';
import type { DraftJson } from './find-draft.js';
import { present } from './words.js';

/** Where what `/v1` does not know of a draft is kept: in its metadata, under these names. */
const NAMES = {
  client_id: 'agentmail_client_id',
  in_reply_to: 'agentmail_in_reply_to',
  reply_all: 'agentmail_reply_all',
  forward_of: 'agentmail_forward_of',
} as const;

/** What makes a draft an answer or a forward of a message, fixed when it is made. */
const Kind = z.object({
  client_id: z.string().optional(),
  /** The id of a message, as `forward_of`. */
  in_reply_to: z.string().optional(),
  reply_all: z.stringbool().optional(),
  forward_of: z.string().optional(),
});
export type DraftKind = z.output<typeof Kind>;

/** @returns undefined for a plain draft without a name of its own. */
export function metadataOf(kind: DraftKind): Record<string, string> | undefined {
  const written = Object.entries(NAMES).flatMap(([field, name]) => {
    const value = kind[field as keyof DraftKind];
    return value === undefined ? [] : [[name, String(value)]];
  });
  return written.length === 0 ? undefined : (Object.fromEntries(written) as Record<string, string>);
}

export const kindOf = ({ metadata }: Pick<DraftJson, 'metadata'>): DraftKind =>
  Kind.parse(present(Object.fromEntries(Object.entries(NAMES).map(([field, name]) => [field, metadata[name]]))));
