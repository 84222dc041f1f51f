import type { Socket } from 'node:net';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { badRequest } from '../errors/factories.js';
import type { Logger } from '../logging/logger.js';
import { errorBody } from './error-body.js';
import { reportRequests } from './request-report.js';
import { useContexts } from './request-context.js';
import { newRequestId, requestIdOf } from './request-id.js';
import { toAppError } from './to-app-error.js';

export interface HttpAdapterOptions {
  /** A larger body is answered 413. Default 1 MiB. */
  bodyLimitBytes?: number;
  /** Also hands over `text/plain` bodies, as text; otherwise they are 415. SNS sends its JSON so. */
  textBodies?: boolean;
  /** Time for a request to arrive whole, from its first byte. Default 60 s. */
  requestTimeoutMs?: number;
  /** Gets one line for each request; without it none is written. */
  logger?: Logger;
}

const DEFAULT_BODY_LIMIT_BYTES = 1024 * 1024;
const DEFAULT_REQUEST_TIMEOUT_MS = 60_000;
/** Longer than the 60 s idle time of common load balancers, so that they close first and no request meets a closing socket. */
const KEEP_ALIVE_TIMEOUT_MS = 65_000;
/** A path parameter may be an address: 254 octets, three times that when percent-encoded. */
const PARAM_MAX_CHARS = 768;

/** Fastify under Nest, with our parsers in place of Nest's, which take forms and refuse an empty JSON body. */
class PosternHttpAdapter extends FastifyAdapter {
  override registerParserMiddleware(): void {}
}

/**
 * Makes the HTTP side of a service: JSON bodies (an empty one is none), a request id on every reply, `traceparent` honoured,
 * a work context around every handler, and every error, Fastify's own too, in the one shape.
 */
export function createHttpAdapter(options: HttpAdapterOptions = {}): FastifyAdapter {
  const adapter = new PosternHttpAdapter({
    bodyLimit: options.bodyLimitBytes ?? DEFAULT_BODY_LIMIT_BYTES,
    requestTimeout: options.requestTimeoutMs ?? DEFAULT_REQUEST_TIMEOUT_MS,
    keepAliveTimeout: KEEP_ALIVE_TIMEOUT_MS,
    forceCloseConnections: 'idle',
    routerOptions: { maxParamLength: PARAM_MAX_CHARS },
    genReqId: (request: { headers: Record<string, string | string[] | undefined> }) =>
      requestIdOf(request.headers['x-request-id']),
    frameworkErrors: (thrown: Error, request: FastifyRequest, reply: FastifyReply) => {
      const error = toAppError(thrown);
      void reply.header('x-request-id', request.id).status(error.httpStatus).send(errorBody(error, request.id));
    },
    clientErrorHandler: answerUnreadable,
  });
  const fastify = adapter.getInstance<FastifyInstance>();
  useContexts(fastify);
  reportRequests(fastify, options.logger);
  useParsers(fastify, options.textBodies ?? false);
  return adapter;
}

function useParsers(fastify: FastifyInstance, textBodies: boolean): void {
  fastify.removeAllContentTypeParsers();
  // "error": a body with __proto__ or constructor.prototype is refused, not cleaned.
  const parseJson = fastify.getDefaultJsonParser('error', 'error');
  fastify.addContentTypeParser('application/json', { parseAs: 'string' }, (request, body, done) => {
    if (body.length === 0) done(null, undefined);
    else void parseJson(request, body.toString(), done);
  });
  if (textBodies)
    fastify.addContentTypeParser('text/plain', { parseAs: 'string' }, (_request, body, done) => done(null, body));
}

/** Answers what Node could not read as HTTP, so no request exists. */
function answerUnreadable(error: Error & { code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const requestId = newRequestId();
  const body = JSON.stringify(
    errorBody(badRequest('The request cannot be read; send valid HTTP/1.1 with shorter headers.'), requestId),
  );
  socket.end(
    `HTTP/1.1 400 Bad Request\r\nContent-Type: application/json; charset=utf-8\r\nContent-Length: ${Buffer.byteLength(body)}\r\n` +
      `X-Request-Id: ${requestId}\r\nConnection: close\r\n\r\n${body}`,
  );
}
