import type { FastifyInstance, FastifyRequest } from 'fastify';
import { childTraceparent } from '../context/trace-parent.js';
import { runInContext, type WorkContext } from '../context/work-context.js';

const contexts = new WeakMap<FastifyRequest, WorkContext>();

/** The work context of a request, also where it is not the current one; undefined when the request could not be read. */
export const contextOf = (request: FastifyRequest): WorkContext | undefined => contexts.get(request);

/** Gives every request a work context, and every reply the request's id. */
export function useContexts(fastify: FastifyInstance): void {
  fastify.addHook('onRequest', (request, reply, done) => {
    const { traceparent } = request.headers;
    const context: WorkContext = {
      requestId: request.id,
      traceparent: childTraceparent(typeof traceparent === 'string' ? traceparent : undefined),
    };
    contexts.set(request, context);
    void reply.header('x-request-id', request.id);
    runInContext(context, done);
  });
  // A body is read in events of the socket, which know nothing of the request's context: enter it again after them.
  fastify.addHook('preValidation', (request, _reply, done) => {
    const context = contexts.get(request);
    if (context) runInContext(context, done);
    else done();
  });
}
