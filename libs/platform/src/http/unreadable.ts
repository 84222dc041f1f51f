import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { onRequestHookHandler as OnRequestHook, onSendHookHandler as OnSendHook } from 'fastify';
import { AppError } from '../errors/app-error.js';
import { badRequest, payloadTooLarge } from '../errors/factories.js';
import { errorBody } from './error-body.js';
import { newRequestId } from './request-id.js';
import { SECURITY_HEADERS } from './security-headers.js';

const STATUS_LINES: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  408: 'Request Timeout',
  413: 'Payload Too Large',
  431: 'Request Header Fields Too Large',
};

/** A request that is refused for its form, with the status that HTTP has for that. */
export const unfit = (httpStatus: number, message: string): AppError =>
  new AppError({ code: 'bad_request', message, httpStatus, temporary: false });

/** Answers what Node could not read as HTTP, or not in time, so no request exists. */
export function answerUnreadable(error: Error & { code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const refusal = refusalOf(error.code);
  const requestId = newRequestId();
  const body = JSON.stringify(errorBody(refusal, requestId));
  const headers = {
    ...SECURITY_HEADERS,
    'content-type': 'application/json; charset=utf-8',
    'content-length': String(Buffer.byteLength(body)),
    'x-request-id': requestId,
    connection: 'close',
  };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.end(`HTTP/1.1 ${refusal.httpStatus} ${STATUS_LINES[refusal.httpStatus]}\r\n${lines.join('')}\r\n${body}`);
}

function refusalOf(code: string | undefined): AppError {
  switch (code) {
    case 'HPE_HEADER_OVERFLOW':
      return unfit(431, 'The URL and the headers are too long; shorten them.');
    case 'HPE_CHUNK_EXTENSIONS_OVERFLOW':
      return payloadTooLarge('Send chunks without extensions.');
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return unfit(408, 'The request took too long to arrive; send it again over a faster connection.');
    default:
      return badRequest('The request cannot be read; send valid HTTP/1.1.');
  }
}

/** Answers an `Expect` other than `100-continue` (RFC 9110 §10.1.1), which no route could fulfil. */
export function answerExpectation(_request: IncomingMessage, response: ServerResponse): void {
  const requestId = newRequestId();
  const refusal = unfit(417, 'Send the request without the header Expect.');
  response.writeHead(refusal.httpStatus, {
    ...SECURITY_HEADERS,
    'content-type': 'application/json; charset=utf-8',
    'x-request-id': requestId,
    connection: 'close',
  });
  response.end(JSON.stringify(errorBody(refusal, requestId)));
}

/** RFC 9112 §3.2: a request of HTTP/1.1 without Host is 400. */
export const requireHost: OnRequestHook = (request, _reply, done) => {
  if (request.raw.httpVersion === '1.1' && request.headers.host === undefined) {
    done(badRequest('Send the header Host.') as never);
  } else done();
};

const TOO_LARGE = 413;

/**
 * RFC 9112 §9.6: who closes while the other side still sends resets the connection, and the answer is lost. So the rest
 * of a body that is too large is thrown away as it comes, for no longer than a request may take.
 */
export const answerBeforeClosing: OnSendHook = (_request, reply, _payload, done) => {
  if (reply.statusCode === TOO_LARGE) void reply.removeHeader('connection');
  done();
};
