import type { FastifyReply } from 'fastify';

/**
 * A signal that aborts when the client goes away before it has its reply; also after the reply, when it means nothing any
 * more. Made when it is asked for, since hardly any request needs one.
 */
export function goneSignalOf(reply: FastifyReply): () => AbortSignal {
  let made: AbortController | undefined;
  return () => {
    if (made !== undefined) return made.signal;
    const controller = new AbortController();
    made = controller;
    if (reply.raw.closed || reply.raw.destroyed) controller.abort();
    // Of the reply, not of the request: that one closes as soon as its body is read.
    else reply.raw.once('close', () => controller.abort());
    return controller.signal;
  };
}
