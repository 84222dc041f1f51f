import { isUtf8 } from 'node:buffer';
import type {
  FastifyBodyParser,
  FastifyContentTypeParser,
  FastifyInstance,
  preParsingHookHandler as PreParsingHook,
  FastifyRequest,
} from 'fastify';
import { badRequest, unsupportedMediaType } from '../errors/factories.js';
import { repeatsMember } from './json-members.js';

const CHARSET = /;\s*charset\s*=\s*"?([^\s;"]*)/i;
/** RFC 8259 §8.1: JSON between systems is UTF-8; ASCII is a part of it. */
const CHARSETS = new Set(['utf-8', 'utf8', 'us-ascii']);

/** Refuses, before it is read, a body that is compressed or says that it is not UTF-8. */
export const refuseOtherEncodings: PreParsingHook = (request, _reply, payload, done) => {
  const encoding = request.headers['content-encoding'];
  if (encoding !== undefined && encoding !== 'identity') {
    done(unsupportedMediaType('Send the body as it is, without Content-Encoding.') as never);
    return;
  }
  const charset = CHARSET.exec(request.headers['content-type'] ?? '')?.[1]?.toLowerCase();
  if (charset !== undefined && !CHARSETS.has(charset)) {
    done(unsupportedMediaType('Send the body in UTF-8.') as never);
    return;
  }
  done(null, payload);
};

/** For types that nobody reads: takes an empty body, which is none. `curl -d ''` names the type of a form for it. */
export const emptyBody: FastifyContentTypeParser = ({ headers }, _payload, done) => {
  // RFC 9112 §6.3: without both headers a request has no body.
  const { 'content-length': length = '0', 'transfer-encoding': coding } = headers;
  if (length === '0' && coding === undefined) done(null, undefined);
  else done(unsupportedMediaType());
};

/** Reads JSON strictly; an empty body is none. */
export function jsonBody(fastify: FastifyInstance): FastifyBodyParser<Buffer> {
  // "error": a body with __proto__ or constructor.prototype is refused, not cleaned.
  const parse = fastify.getDefaultJsonParser('error', 'error');
  return (request: FastifyRequest, body, done) => {
    if (body.length === 0) return done(null, undefined);
    if (!isUtf8(body)) return done(badRequest('Send the body in UTF-8.'));
    const text = body.toString();
    return parse(request, text, (error, value: unknown) => {
      if (error === null && repeatsMember(text, value)) done(badRequest('Name each member of an object once.'));
      else done(error, value);
    });
  };
}
