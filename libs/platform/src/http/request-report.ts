import type { FastifyInstance } from 'fastify';
import type { Logger } from '../logging/logger.js';
import { durations } from '../metrics/metrics.js';
import { contextOf } from './request-context.js';

const UNROUTED = 'none';

/** Measures every request, and writes one line for it when it has been answered. The path stays out: it may hold an address. */
export function reportRequests(fastify: FastifyInstance, logger?: Logger): void {
  const seconds = durations('postern_http_request_seconds', 'Time from a request to the end of its reply.', [
    'method',
    'route',
    'status',
  ]);
  fastify.addHook('onResponse', (request, reply, done) => {
    const route = request.routeOptions.url ?? UNROUTED;
    const status = reply.statusCode;
    seconds.observe({ method: request.method, route, status: String(status) }, reply.elapsedTime / 1000);
    logger?.info({
      what: 'http.request',
      ...contextOf(request),
      method: request.method,
      route,
      status,
      durationMs: Math.round(reply.elapsedTime * 10) / 10,
    });
    done();
  });
}
