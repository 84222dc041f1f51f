import type { PublicEvent } from '@postern/contracts';
import { childTraceparent } from '@postern/platform';
import { type Dispatcher as HttpDispatcher, request } from 'undici';
import type { Claim } from '../store/claim-store.js';
import { failureText } from './failure.js';
import { hookRequest } from './formats/hook-request.js';
import type { Outcome } from './outcome.js';

/** Kept of an answer's body, for the tenant to see. */
const RESPONSE_KEPT_BYTES = 2 * 1024;
const USER_AGENT = 'Postern-Webhooks/1';

/** A call that was cut off because this process stops: it says nothing about the endpoint. */
export class CallAborted extends Error {}

/** A call whose event is there to be told. */
export type Callable = Claim & { event: PublicEvent };

/** Makes one call: a signed POST of an event. */
export class Caller {
  constructor(
    private readonly agent: HttpDispatcher,
    private readonly timeoutMs: number,
  ) {}

  /**
   * @param stop  cuts the call off.
   * @returns what became of it; an answer other than 2xx, or none, is a result too.
   * @throws CallAborted when `stop` came first.
   */
  async call(claim: Callable, stop: AbortSignal): Promise<Outcome> {
    const startedAt = performance.now();
    const timeout = AbortSignal.timeout(this.timeoutMs);
    const ended = (what: Omit<Outcome, 'durationMs'>): Outcome => ({
      ...what,
      durationMs: Math.round(performance.now() - startedAt),
    });
    try {
      const { statusCode, body } = await this.post(claim, AbortSignal.any([timeout, stop]));
      return ended({ responseStatus: statusCode, responseBody: await beginningOf(body), error: problemOf(statusCode) });
    } catch (error) {
      if (stop.aborted) throw new CallAborted();
      return ended({ responseStatus: null, responseBody: null, error: failureText(error, timeout.aborted) });
    }
  }

  /** Closes all connections. */
  async close(): Promise<void> {
    await this.agent.destroy();
  }

  private post(claim: Callable, signal: AbortSignal): Promise<HttpDispatcher.ResponseData> {
    const { event, inboxAddress, webhookId, secrets } = claim;
    const timestamp = Math.floor(Date.now() / 1000);
    const { body, headers } = hookRequest(claim.format, { event, inboxAddress, webhookId, secrets, timestamp });
    return request(claim.url, {
      method: 'POST',
      dispatcher: this.agent,
      signal,
      body,
      headers: {
        ...claim.headers,
        'content-type': 'application/json',
        'user-agent': USER_AGENT,
        ...headers,
        traceparent: childTraceparent(claim.traceparent),
      },
    });
  }
}

function problemOf(status: number): string | null {
  if (status >= 200 && status < 300) return null;
  if (status >= 300 && status < 400) return `The endpoint answered ${status}; redirects are not followed.`;
  return `The endpoint answered ${status}.`;
}

/** The status is the answer: a body that breaks off, or does not end, changes nothing about it. */
async function beginningOf(body: HttpDispatcher.ResponseData['body']): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  let room = RESPONSE_KEPT_BYTES;
  try {
    for await (const chunk of body as AsyncIterable<Buffer>) {
      text += decoder.decode(chunk.subarray(0, room), { stream: true });
      room -= chunk.byteLength;
      if (room <= 0) break;
    }
  } catch {
    // What came until then is kept.
  }
  // PostgreSQL's text cannot hold U+0000. What stands for it, and for octets that are no UTF-8, is longer than they were.
  const kept = text.replaceAll('\0', '\uFFFD');
  return kept.slice(0, new TextEncoder().encodeInto(kept, new Uint8Array(RESPONSE_KEPT_BYTES)).read);
}
