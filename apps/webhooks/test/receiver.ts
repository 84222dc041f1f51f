import { createServer, type IncomingHttpHeaders, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { PublicEvent } from '@postern/contracts';

export interface Received {
  path: string;
  headers: IncomingHttpHeaders;
  body: string;
  /** @throws when the body is in the format of another system. */
  readonly event: PublicEvent;
  at: number;
}

type Answer = (response: ServerResponse, received: Received, before: readonly Received[]) => void;

const ok: Answer = (response) => response.writeHead(200).end('thanks');

/** Somebody's webhook endpoint: a real HTTP server on loopback that remembers what it got. */
export class Receiver {
  readonly received: Received[] = [];
  /** Made to it so far, also those without a request. */
  connections = 0;
  private readonly server: Server;
  private readonly answers = new Map<string, Answer>();

  private constructor() {
    this.server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const body = Buffer.concat(chunks).toString('utf8');
        const path = request.url ?? '';
        const before = this.at(path);
        const received: Received = {
          path,
          headers: request.headers,
          body,
          at: performance.now(),
          get event() {
            return PublicEvent.parse(JSON.parse(body));
          },
        };
        this.received.push(received);
        (this.answers.get(path) ?? ok)(response, received, before);
      });
    });
  }

  static async start(): Promise<Receiver> {
    const receiver = new Receiver();
    receiver.server.on('connection', () => (receiver.connections += 1));
    await new Promise<void>((resolve) => receiver.server.listen(0, '127.0.0.1', resolve));
    return receiver;
  }

  /** How one path answers; without it, 200. */
  on(path: string, answer: Answer): void {
    this.answers.set(path, answer);
  }

  url(path: string): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}${path}`;
  }

  at(path: string): Received[] {
    return this.received.filter((one) => one.path === path);
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise<void>((resolve) => this.server.close(() => resolve()));
  }
}
