import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { type AppError, LOGGER, type Logger, streamedBodyOf, toAppError } from '@postern/platform';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { SignedLinks } from '../attachments/signed-links.js';
import { credentialOf } from '../auth/credential.js';
import { KeyRing } from '../auth/key-ring.js';
import type { KeyPrincipal } from '../auth/principal.js';
import { CreditsHeader } from '../credits/credits-header.js';
import { stateOf } from '../edge/request-state.js';
import { agentMail } from './agentmail/agentmail.front.js';
import { agentSend } from './agentsend/agentsend.front.js';
import type { Front, FrontReply, FrontRoute } from './front.js';
import { HourlyLimits } from './hourly-limits.js';
import { Problem } from './problem.js';
import { secureAgentMail } from './secureagentmail/secureagentmail.front.js';
import { sendook } from './sendook/sendook.front.js';
import { sentvia } from './sentvia/sentvia.front.js';
import { V1 } from './v1.js';

/** Every front. A new one: a folder here, and its name in this list. */
const FRONTS: readonly Front[] = [agentMail, agentSend, secureAgentMail, sendook, sentvia];

const INTERNAL = 500;

/** Serves the fronts beside `/v1`, each with its own errors, also for paths that it does not know. */
@Injectable()
export class Fronts implements OnModuleInit {
  constructor(
    private readonly host: HttpAdapterHost,
    private readonly keyRing: KeyRing,
    private readonly creditsHeader: CreditsHeader,
    private readonly hourlyLimits: HourlyLimits,
    private readonly links: SignedLinks,
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
    scope.setErrorHandler((error, request, reply) => {
      const problem = this.problemOf(error, request);
      const { retryAfterSeconds } = problem;
      if (retryAfterSeconds !== undefined) void reply.header('retry-after', String(Math.ceil(retryAfterSeconds)));
      return send(reply, front.refusal(problem, request.id));
    });
    scope.setNotFoundHandler((request, reply) => send(reply, front.refusal(Problem.noSuchCall(), request.id)));
    // Before the body is read, as under /v1: nobody without a key makes the gateway read one.
    scope.addHook('onRequest', async (request, reply) => {
      void reply.header('cache-control', 'no-store');
      const principal = await this.principalOf(request);
      // From here on every reply has the header on credits, also where the front itself refuses.
      stateOf(request).principal = principal;
      await this.creditsHeader.prepare(principal);
    });
    for (const route of front.routes) {
      scope.route({
        method: route.method,
        url: route.path.replaceAll(/\{(\w+)\}/g, ':$1'),
        config: { streamsBody: route.takesFile === true },
        handler: (request, reply) => this.answer(route, request, reply, root),
      });
    }
  }

  private async answer(route: FrontRoute, request: FastifyRequest, reply: FastifyReply, root: FastifyInstance) {
    const principal = await this.principalOf(request);
    let limitHeaders: Readonly<Record<string, string>> = {};
    if (route.hourlyLimit !== undefined) {
      await this.hourlyLimits.count(route.hourlyLimit, principal, (headers) => {
        limitHeaders = headers;
        void reply.headers(headers);
      });
    }
    const { headers, id: requestId, body } = request;
    const { mode, organizationId, scopes, inboxIds, expiresAt } = principal;
    const v1 = new V1(root, { headers, requestId });
    const params = request.params as Record<string, string>;
    const query = request.query as Record<string, unknown>;
    const file = streamedBodyOf(request);
    const origin = originOf(request);
    const tokenFor = (id: string) => this.links.tokenFor(id, principal);
    const answered = await route
      .answer(
        { params, query, body, file, headers, mode, organizationId, scopes, inboxIds, expiresAt, tokenFor, origin },
        v1,
      )
      .finally(() => {
        void reply.headers({ ...v1.headers, ...limitHeaders });
      });
    return send(reply, answered);
  }

  private async principalOf({ headers }: FastifyRequest): Promise<KeyPrincipal> {
    const credential = credentialOf(headers);
    const principal = credential === null ? null : await this.keyRing.find(credential);
    if (principal === null) throw Problem.unauthorized();
    return principal;
  }

  /** What went wrong inside `/v1` was logged there; what went wrong here is a bug of the front, or heals by itself. */
  private problemOf(thrown: unknown, request: FastifyRequest): Problem {
    if (thrown instanceof Problem) return thrown;
    const error: AppError = toAppError(thrown);
    if (error.httpStatus >= INTERNAL) {
      const line = { what: 'compat.error', requestId: request.id, route: request.routeOptions.url, err: error };
      if (error.temporary) this.logger.warn(line);
      else this.logger.error(line);
    }
    return Problem.from(error);
  }
}

/** Proxies in front of the gateway end TLS; what they say of it only shapes the reply to this very caller. */
function originOf({ headers, protocol, host }: FastifyRequest): string {
  return `${headers['x-forwarded-proto'] === 'https' ? 'https' : protocol}://${host}`;
}

function send(reply: FastifyReply, { status, body, headers = {} }: FrontReply): FastifyReply {
  return reply.status(status).headers(headers).send(body);
}
