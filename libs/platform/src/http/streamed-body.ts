import type { Readable } from 'node:stream';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { unsupportedMediaType } from '../errors/factories.js';

/** A body that its handler reads itself, as it comes. */
export interface StreamedBody {
  /** Who stops before its end must not destroy it: the reply goes over the same connection. */
  payload: Readable;
  /** As the request says. */
  contentType: string | undefined;
  /** Content-Length; undefined where the request does not say. */
  sizeBytes: number | undefined;
}

/** Stands for whatever the request says, so that no parser takes the body by its type. */
const STREAMED = 'application/x-streamed-body';

const bodies = new WeakMap<FastifyRequest, StreamedBody>();

/** The body of a request to a route whose config says `streamsBody`; undefined for every other request. */
export const streamedBodyOf = (request: FastifyRequest): StreamedBody | undefined => bodies.get(request);

const streamsBody = (request: FastifyRequest): boolean =>
  (request.routeOptions.config as { streamsBody?: boolean }).streamsBody === true;

/** Leaves bodies unread, whatever their type, for routes whose config says `streamsBody`. */
export function streamBodies(fastify: FastifyInstance): void {
  fastify.addHook('preParsing', (request, _reply, payload, done) => {
    if (streamsBody(request)) {
      const { 'content-type': contentType, 'content-length': length } = request.headers;
      const sizeBytes = length === undefined ? undefined : Number(length);
      bodies.set(request, { payload: payload as Readable, contentType, sizeBytes });
      request.raw.headers['content-type'] = STREAMED;
    }
    done(null, payload);
  });
  fastify.addContentTypeParser(STREAMED, (request, _payload, done) => {
    if (bodies.has(request)) done(null, undefined);
    else done(unsupportedMediaType(), undefined);
  });
}
