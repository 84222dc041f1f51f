import { createHmac } from 'node:crypto';
import type { PublicEvent } from '@postern/contracts';

/** What a call is made of, whatever it looks like. */
export interface HookCall {
  event: PublicEvent;
  /** Of the inbox that the event is about; null when it is about none, or one that is gone. */
  inboxAddress: string | null;
  webhookId: string;
  /** As their owner sees them, `whsec_…`; the active ones, newest first. At least one. */
  secrets: readonly string[];
  /** Seconds since 1970, when the call is made. */
  timestamp: number;
}

export interface HookRequest {
  /** JSON, exactly the text that is signed and sent. */
  body: string;
  /** Names in lower case. */
  headers: Readonly<Record<string, string>>;
}

/** How one system calls its webhooks. Pure. */
export type Format = (call: HookCall) => HookRequest;

/**
 * HMAC-SHA256 in hexadecimal. The key is the text of the newest secret: these systems have one secret at a time, sign with it as they
 * show it, and have room for one signature.
 */
export function hexSignature({ secrets }: HookCall, signed: string): string {
  const [newest] = secrets;
  if (newest === undefined) throw new Error('an endpoint has a secret');
  return createHmac('sha256', newest).update(signed).digest('hex');
}
