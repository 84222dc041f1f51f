import type { RouteDefinition } from '@postern/contracts';
import type { FastifyRequest } from 'fastify';
import type { Principal } from '../auth/principal.js';
import type { Caller } from './caller.js';

/** What the edge learned about a request, in the order in which it learned it. */
interface RequestState {
  principal?: Principal;
  caller?: Caller;
  input?: { params: unknown; query: unknown; body: unknown };
}

const states = new WeakMap<FastifyRequest, RequestState>();

/** The state of a request; made at the first call. */
export function stateOf(request: FastifyRequest): RequestState {
  const known = states.get(request);
  if (known !== undefined) return known;
  const made: RequestState = {};
  states.set(request, made);
  return made;
}

/** The declared route that a request met; undefined for pages, health and unknown paths. */
export function definitionOf(request: FastifyRequest): RouteDefinition | undefined {
  const config = request.routeOptions.config as { definition?: RouteDefinition };
  return config.definition;
}
