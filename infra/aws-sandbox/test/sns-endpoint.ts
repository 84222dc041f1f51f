import { once } from 'node:events';
import { createServer } from 'node:http';
import type { IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What an endpoint got. */
export interface SnsCall {
  readonly headers: IncomingHttpHeaders;
  readonly body: Record<string, string>;
}

/** A subscriber that keeps all it gets. */
export interface SnsEndpoint {
  readonly url: string;
  readonly calls: SnsCall[];
  /** Statuses to answer next, first one first; 200 when there are none. */
  readonly answers: number[];
  /** The first call not yet taken that passes the test, now or later; each call is taken once. */
  next(test: (call: SnsCall) => boolean): Promise<SnsCall>;
  /** The same for an SES event record, which it returns. */
  nextEvent(eventType: string): Promise<Record<string, never>>;
  stop(): Promise<void>;
}

/** No promise of the sandbox's: how long a busy machine is waited for. */
const DEADLINE_MS = 60_000;

export const startEndpoint = async (port = 0): Promise<SnsEndpoint> => {
  const calls: SnsCall[] = [];
  const answers: number[] = [];
  const taken = new Set<SnsCall>();
  let wake: (() => void)[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = JSON.parse(Buffer.concat(chunks).toString()) as Record<string, string>;
      calls.push({ headers: request.headers, body });
      response.writeHead(answers.shift() ?? 200).end();
      for (const listener of wake) listener();
      wake = [];
    });
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');

  const next = async (test: (call: SnsCall) => boolean): Promise<SnsCall> => {
    const deadline = AbortSignal.timeout(DEADLINE_MS);
    for (;;) {
      const found = calls.find((call) => !taken.has(call) && test(call));
      if (found) {
        taken.add(found);
        return found;
      }
      await new Promise<void>((resolve, reject) => {
        wake.push(resolve);
        deadline.addEventListener('abort', () => reject(new Error('No such call came in time.')), { once: true });
      });
    }
  };
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/sns`,
    calls,
    answers,
    next,
    async nextEvent(eventType) {
      const call = await next(
        ({ body }) => body['Type'] === 'Notification' && JSON.parse(body['Message'] ?? '{}')['eventType'] === eventType,
      );
      return JSON.parse(call.body['Message'] ?? '{}') as Record<string, never>;
    },
    async stop() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
};
