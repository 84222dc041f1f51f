import { Injectable, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { addToContext, AppError, internal } from '@postern/platform';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Gatekeeper } from '../auth/gatekeeper.js';
import { RequestRate } from '../rate/request-rate.js';
import { creditsRemaining } from './caller.js';
import { definitionOf, stateOf } from './request-state.js';

const API = '/v1/';
const UNAUTHORIZED = 401;

/** Whatever a reply is, no browser shall guess its type, frame it, or tell others where it came from. */
const SECURITY_HEADERS = {
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'x-frame-options': 'DENY',
  'cross-origin-resource-policy': 'same-origin',
};

/**
 * Works before a body is read, so that nobody without a key makes the gateway read one: headers of every reply, then the
 * key, its scope and its rate.
 */
@Injectable()
export class RequestHooks implements OnModuleInit {
  constructor(
    private readonly host: HttpAdapterHost,
    private readonly gatekeeper: Gatekeeper,
    private readonly requestRate: RequestRate,
  ) {}

  onModuleInit(): void {
    const fastify = this.host.httpAdapter.getInstance<FastifyInstance>();
    fastify.addHook('onRequest', async (request, reply) => {
      void reply.headers(SECURITY_HEADERS);
      if (request.url.startsWith(API)) void reply.header('cache-control', 'no-store');
      await this.checkKey(request, reply);
    });
  }

  private async checkKey(request: FastifyRequest, reply: FastifyReply): Promise<void> {
    const route = definitionOf(request);
    if (route === undefined) {
      // A handler under /v1 that is not declared has no scope to check: it stays shut.
      if (!request.is404 && request.url.startsWith(API)) throw internal(new Error('an undeclared route under /v1'));
      return;
    }
    try {
      const principal = await this.gatekeeper.admit(route, request.headers);
      stateOf(request).principal = principal;
      const credits = creditsRemaining(principal);
      if (credits !== null) void reply.header('x-credits-remaining', credits);
      if (principal.kind === 'key') addToContext({ organizationId: principal.organizationId, mode: principal.mode });
      await this.requestRate.count(principal, (headers) => void reply.headers(headers));
    } catch (error) {
      // RFC 9110 §11.6.1: a 401 names the scheme that would do.
      if (error instanceof AppError && error.httpStatus === UNAUTHORIZED)
        void reply.header('www-authenticate', 'Bearer');
      throw error;
    }
  }
}
