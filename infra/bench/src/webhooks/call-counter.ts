import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A webhook endpoint that answers 200 at once and notes which event came when. */
export class CallCounter {
  private readonly calls: { eventId: string; at: number }[] = [];

  private constructor(
    private readonly server: Server,
    readonly url: string,
  ) {}

  static async start(): Promise<CallCounter> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const counter = new CallCounter(server, `http://127.0.0.1:${port}/hook`);
    server.on('request', (request, response) => {
      request.resume().on('end', () => {
        counter.calls.push({ eventId: String(request.headers['webhook-id']), at: performance.now() });
        response.end();
      });
    });
    return counter;
  }

  get moments(): number[] {
    return this.calls.map(({ at }) => at);
  }

  get events(): number {
    return new Set(this.calls.map(({ eventId }) => eventId)).size;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}
