import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { stateOf } from './request-state.js';

const requestOf = (context: ExecutionContext): FastifyRequest => context.switchToHttp().getRequest<FastifyRequest>();

/** Who asks: a `Caller`. */
export const Asks = createParamDecorator(
  (_data: unknown, context: ExecutionContext) => stateOf(requestOf(context)).caller,
);

/** `{params, query, body}` as the declared route reads them: a `RouteInput`. */
export const Input = createParamDecorator(
  (_data: unknown, context: ExecutionContext) => stateOf(requestOf(context)).input,
);
