import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from '../logging/logger.js';
import { errorBody } from './error-body.js';
import { emptyBody, jsonBody, refuseOtherEncodings } from './json-body.js';
import { reportRequests } from './request-report.js';
import { useContexts } from './request-context.js';
import { requestIdOf } from './request-id.js';
import { SECURITY_HEADERS, useSecurityHeaders } from './security-headers.js';
import { streamBodies } from './streamed-body.js';
import { toAppError } from './to-app-error.js';
import { answerBeforeClosing, answerExpectation, answerUnreadable, requireHost } from './unreadable.js';

export interface HttpAdapterOptions {
  /** A larger body is answered 413. Default 1 MiB. */
  bodyLimitBytes?: number;
  /** Also hands over `text/plain` bodies, as text; otherwise they are 415. SNS sends its JSON so. */
  textBodies?: boolean;
  /** Time for a request to arrive whole, from its first byte; a third of it for its headers. Default 60 s. */
  requestTimeoutMs?: number;
  /** Gets one line for each request; without it none is written. */
  logger?: Logger;
}

const DEFAULT_BODY_LIMIT_BYTES = 1024 * 1024;
const DEFAULT_REQUEST_TIMEOUT_MS = 60_000;
/** A connection is looked at this often within the time of a request. Node's own default, 30 s, is half of our time. */
const LOOKS_PER_REQUEST = 12;
const HEADERS_SHARE = 3;
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
  const { requestTimeoutMs = DEFAULT_REQUEST_TIMEOUT_MS } = options;
  const adapter = new PosternHttpAdapter({
    bodyLimit: options.bodyLimitBytes ?? DEFAULT_BODY_LIMIT_BYTES,
    requestTimeout: requestTimeoutMs,
    http: {
      // Node's own answer to a request without Host has no body; ours has the one shape.
      requireHostHeader: false,
      headersTimeout: Math.ceil(requestTimeoutMs / HEADERS_SHARE),
      connectionsCheckingInterval: Math.ceil(requestTimeoutMs / LOOKS_PER_REQUEST),
    },
    keepAliveTimeout: KEEP_ALIVE_TIMEOUT_MS,
    forceCloseConnections: 'idle',
    routerOptions: { maxParamLength: PARAM_MAX_CHARS },
    genReqId: (request: { headers: Record<string, string | string[] | undefined> }) =>
      requestIdOf(request.headers['x-request-id']),
    frameworkErrors: (thrown: Error, request: FastifyRequest, reply: FastifyReply) => {
      const error = toAppError(thrown);
      void reply
        .headers(SECURITY_HEADERS)
        .header('x-request-id', request.id)
        .status(error.httpStatus)
        .send(errorBody(error, request.id));
    },
    clientErrorHandler: answerUnreadable,
  });
  const fastify = adapter.getInstance<FastifyInstance>();
  fastify.server.on('checkExpectation', answerExpectation);
  useContexts(fastify);
  useSecurityHeaders(fastify);
  fastify.addHook('onRequest', requireHost);
  fastify.addHook('onSend', answerBeforeClosing);
  reportRequests(fastify, options.logger);
  useParsers(fastify, options.textBodies ?? false);
  return adapter;
}

function useParsers(fastify: FastifyInstance, textBodies: boolean): void {
  fastify.removeAllContentTypeParsers();
  streamBodies(fastify);
  fastify.addHook('preParsing', refuseOtherEncodings);
  fastify.addContentTypeParser('application/json', { parseAs: 'buffer' }, jsonBody(fastify));
  fastify.addContentTypeParser('*', emptyBody);
  if (textBodies)
    fastify.addContentTypeParser('text/plain', { parseAs: 'string' }, (_request, body, done) => done(null, body));
}
