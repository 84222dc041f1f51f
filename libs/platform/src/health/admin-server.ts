import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Registry } from 'prom-client';
import { processMetrics } from '../metrics/metrics.js';
import { processReadiness, type Readiness } from './readiness.js';

export interface AdminServerOptions {
  host: string;
  /** 0 takes a free one. */
  port: number;
  readiness?: Readiness;
  metrics?: Registry;
}

const JSON_TYPE = 'application/json; charset=utf-8';
const HEADERS_TIMEOUT_MS = 5_000;

/** Answers the orchestrator and Prometheus on a port of its own: /health/live, /health/ready, /metrics. */
export class AdminServer {
  private readonly server: Server;
  private readonly readiness: Readiness;
  private readonly metrics: Registry;

  constructor(private readonly options: AdminServerOptions) {
    this.readiness = options.readiness ?? processReadiness;
    this.metrics = options.metrics ?? processMetrics;
    this.server = createServer({ headersTimeout: HEADERS_TIMEOUT_MS }, (request, response) => {
      this.answer(request, response).catch(() => send(response, 500, JSON_TYPE, '{"status":"error"}'));
    });
  }

  /** @returns the port it listens on. @throws Error that names the port when it is taken. */
  listen(): Promise<number> {
    const { host, port } = this.options;
    return new Promise((resolve, reject) => {
      this.server.once('error', (cause) => {
        reject(new Error(`The admin port ${host}:${port} cannot be opened; set ADMIN_PORT to a free one.`, { cause }));
      });
      this.server.listen(port, host, () => resolve((this.server.address() as AddressInfo).port));
    });
  }

  close(): Promise<void> {
    return new Promise((resolve) => {
      this.server.close(() => resolve());
      this.server.closeAllConnections();
    });
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = request.url?.split('?', 1)[0];
    if (request.method !== 'GET' && request.method !== 'HEAD')
      return send(response, 405, JSON_TYPE, '{"status":"use GET"}');
    switch (path) {
      case '/health/live':
        return send(response, 200, JSON_TYPE, '{"status":"ok"}');
      case '/health/ready': {
        const { ready, failing } = await this.readiness.report();
        const body = JSON.stringify({ status: ready ? 'ok' : 'unavailable', failing });
        return send(response, ready ? 200 : 503, JSON_TYPE, body);
      }
      case '/metrics':
        return send(response, 200, this.metrics.contentType, await this.metrics.metrics());
      default:
        return send(response, 404, JSON_TYPE, '{"status":"not found"}');
    }
  }
}

function send(response: ServerResponse, status: number, type: string, body: string): void {
  response.writeHead(status, {
    'content-type': type,
    'content-length': Buffer.byteLength(body),
    'cache-control': 'no-store',
  });
  response.end(body);
}
