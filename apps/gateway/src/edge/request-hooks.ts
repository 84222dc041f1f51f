import { Injectable, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { RouteDefinition } from '@postern/contracts';
import { addToContext, AppError, internal } from '@postern/platform';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Gatekeeper } from '../auth/gatekeeper.js';
import type { LinkPrincipal } from '../auth/principal.js';
import { RequestRate } from '../rate/request-rate.js';
import { SignedLinks } from '../attachments/signed-links.js';
import { CreditsHeader } from '../credits/credits-header.js';
import { definitionOf, stateOf } from './request-state.js';

const API = '/v1/';
const UNAUTHORIZED = 401;

/**
 * Works before a body is read, so that nobody without a key makes the gateway read one: the key, its rate and its
 * scope.
 */
@Injectable()
export class RequestHooks implements OnModuleInit {
  constructor(
    private readonly host: HttpAdapterHost,
    private readonly gatekeeper: Gatekeeper,
    private readonly requestRate: RequestRate,
    private readonly creditsHeader: CreditsHeader,
    private readonly links: SignedLinks,
  ) {}

  onModuleInit(): void {
    const fastify = this.host.httpAdapter.getInstance<FastifyInstance>();
    fastify.addHook('onRequest', async (request, reply) => {
      if (request.url.startsWith(API)) void reply.header('cache-control', 'no-store');
      await this.checkKey(request, reply);
    });
    // Late, so that the reply to a send shows what remains after it.
    fastify.addHook('onSend', async (request, reply) => {
      const { principal } = stateOf(request);
      const credits = principal === undefined ? null : this.creditsHeader.valueFor(principal);
      if (credits !== null) void reply.header('x-credits-remaining', credits);
    });
  }

  /** A signed link takes the place of a key, where the route takes one. @throws AppError `forbidden` */
  private linkOf(route: RouteDefinition, { query, params }: FastifyRequest): LinkPrincipal | null {
    const { token } = query as { token?: unknown };
    if (route.signedLink === undefined || typeof token !== 'string') return null;
    return { kind: 'link', ...this.links.check((params as { id: string }).id, token) };
  }

  private async checkKey(request: FastifyRequest, reply: FastifyReply): Promise<void> {
    const route = definitionOf(request);
    if (route === undefined) {
      // A handler under /v1 that is not declared has no scope to check: it stays shut.
      if (!request.is404 && request.url.startsWith(API)) throw internal(new Error('an undeclared route under /v1'));
      return;
    }
    try {
      const principal = this.linkOf(route, request) ?? (await this.gatekeeper.identify(route, request.headers));
      stateOf(request).principal = principal;
      if (principal.kind !== 'root') addToContext({ organizationId: principal.organizationId, mode: principal.mode });
      await this.creditsHeader.prepare(principal);
      await this.requestRate.count(principal, (headers) => void reply.headers(headers));
      // Last, so that the reply to a key of too little scope counts, and shows what remains, like any other.
      this.gatekeeper.authorize(route, principal);
    } catch (error) {
      // RFC 9110 §11.6.1: a 401 names the scheme that would do.
      if (error instanceof AppError && error.httpStatus === UNAUTHORIZED)
        void reply.header('www-authenticate', 'Bearer');
      throw error;
    }
  }
}
