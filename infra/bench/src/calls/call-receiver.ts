import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Arrival {
  /** The endpoint's number. */
  readonly endpoint: number;
  readonly eventId: string;
  /** Milliseconds, monotonic. */
  readonly at: number;
}

/** Many endpoints, numbered from 0, in one server: they answer 204 at once, but those that hang never do. */
export class CallReceiver {
  readonly arrivals: Arrival[] = [];
  /** Endpoints below this number hang. */
  hangBelow = 0;

  private constructor(
    private readonly server: Server,
    private readonly base: string,
  ) {}

  static async start(): Promise<CallReceiver> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const receiver = new CallReceiver(server, `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    server.on('request', (request, response) => {
      const at = performance.now();
      const endpoint = Number(request.url?.slice(1));
      receiver.arrivals.push({ endpoint, eventId: String(request.headers['webhook-id']), at });
      request.resume();
      if (endpoint >= receiver.hangBelow) response.writeHead(204).end();
    });
    return receiver;
  }

  url(endpoint: number): string {
    return `${this.base}/${endpoint}`;
  }

  forget(): void {
    this.arrivals.length = 0;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}
