import { GetMessageRoute, type Message } from '@postern/contracts';
import type { z } from 'zod';
import type { V1 } from './v1.js';

/** A message as `/v1` gives it to the caller's key: what that key may not read is null. */
export type MessageJson = z.input<typeof Message>;

/** @throws Problem a refusal; `not_found` too for ids that are none. */
export async function getMessage(v1: V1, id: string): Promise<MessageJson> {
  // Without `view` a message comes as it is stored.
  return (await v1.ask(GetMessageRoute, { params: { id } })) as MessageJson;
}
