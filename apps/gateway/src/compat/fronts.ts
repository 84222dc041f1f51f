import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { type AppError, LOGGER, type Logger, streamedBodyOf, toAppError } from '@postern/platform';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { credentialOf } from '../auth/credential.js';
import { KeyRing } from '../auth/key-ring.js';
import type { Front, FrontReply, FrontRoute } from './front.js';
import { Problem } from './problem.js';
import { V1 } from './v1.js';

/** Every front. A new one: a folder here, and its name in this list. */
const FRONTS: readonly Front[] = [];

const INTERNAL = 500;

/** Serves the fronts beside `/v1`, each with its own errors, also for paths that it does not know. */
@Injectable()
export class Fronts implements OnModuleInit {
  constructor(
    private readonly host: HttpAdapterHost,
    private readonly keyRing: KeyRing,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  onModuleInit(): void {
    const fastify = this.host.httpAdapter.getInstance<FastifyInstance>();
    for (const front of FRONTS) {
      void fastify.register(
        (scope, _options, done) => {
          this.serve(front, scope, fastify);
          done();
        },
        { prefix: front.base },
      );
    }
  }

  private serve(front: Front, scope: FastifyInstance, root: FastifyInstance): void {
    scope.setErrorHandler((error, request, reply) => send(reply, front.refusal(this.problemOf(error, request))));
    scope.setNotFoundHandler((_request, reply) => send(reply, front.refusal(Problem.noSuchCall())));
    // Before the body is read, as under /v1: nobody without a key makes the gateway read one.
    scope.addHook('onRequest', async (request, reply) => {
      void reply.header('cache-control', 'no-store');
      const credential = credentialOf(request.headers);
      if (credential === null || (await this.keyRing.find(credential)) === null) throw Problem.unauthorized();
    });
    for (const route of front.routes) {
      scope.route({
        method: route.method,
        url: route.path.replaceAll(/\{(\w+)\}/g, ':$1'),
        config: { streamsBody: route.takesFile === true },
        handler: (request, reply) => answer(route, request, reply, root),
      });
    }
  }

  /** What went wrong inside `/v1` was logged there; what went wrong here is a bug of the front. */
  private problemOf(thrown: unknown, request: FastifyRequest): Problem {
    if (thrown instanceof Problem) return thrown;
    const error: AppError = toAppError(thrown);
    if (error.httpStatus >= INTERNAL)
      this.logger.error({ what: 'compat.error', requestId: request.id, route: request.routeOptions.url, err: error });
    return Problem.from(error);
  }
}

async function answer(route: FrontRoute, request: FastifyRequest, reply: FastifyReply, root: FastifyInstance) {
  const { headers, id: requestId, body } = request;
  const v1 = new V1(root, { headers, requestId });
  const params = request.params as Record<string, string>;
  const query = request.query as Record<string, unknown>;
  const file = streamedBodyOf(request);
  const answered = await route.answer({ params, query, body, file, headers }, v1).finally(() => {
    void reply.headers(v1.headers);
  });
  return send(reply, answered);
}

function send(reply: FastifyReply, { status, body, headers = {} }: FrontReply): FastifyReply {
  return reply.status(status).headers(headers).send(body);
}
