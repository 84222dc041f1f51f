import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Json } from './client.js';

export interface Received {
  headers: Record<string, string>;
  raw: string;
  event: Json;
}

/** A real HTTP server that notes what it is told; `answer` decides the status of each call. */
export class WebhookReceiver {
  readonly received: Received[] = [];
  private constructor(
    private readonly server: Server,
    readonly url: string,
  ) {}

  static async start(answer: (call: number) => number = () => 200): Promise<WebhookReceiver> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const receiver = new WebhookReceiver(server, `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`);
    server.on('request', (request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const raw = Buffer.concat(chunks).toString();
        receiver.received.push({
          headers: request.headers as Record<string, string>,
          raw,
          event: JSON.parse(raw) as Json,
        });
        response.statusCode = answer(receiver.received.length);
        response.end();
      });
    });
    return receiver;
  }

  of(type: string): Received[] {
    return this.received.filter(({ event }) => event['type'] === type);
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}
