import { HttpException } from '@nestjs/common';
import { z } from 'zod';
import { AppError } from '../errors/app-error.js';
import {
  badRequest,
  forbidden,
  internal,
  notFound,
  payloadTooLarge,
  rateLimited,
  unauthorized,
  unavailable,
  unsupportedMediaType,
} from '../errors/factories.js';
import { fromZod } from '../errors/from-zod.js';
import { unfit } from './unreadable.js';

/**
 * What a client is told about anything that was thrown. Own errors pass; those of Fastify and Nest are translated by
 * their status; the rest is our bug, and its words stay inside.
 */
export function toAppError(thrown: unknown): AppError {
  if (thrown instanceof AppError) return thrown;
  if (thrown instanceof z.ZodError) return fromZod(thrown);
  const status = statusOf(thrown);
  return status === undefined ? internal(thrown) : ofStatus(status, thrown);
}

function statusOf(thrown: unknown): number | undefined {
  if (thrown instanceof HttpException) return thrown.getStatus();
  if (!(thrown instanceof Error)) return undefined;
  const { statusCode } = thrown as { statusCode?: unknown };
  return typeof statusCode === 'number' ? statusCode : undefined;
}

function ofStatus(status: number, thrown: unknown): AppError {
  switch (status) {
    case 400:
      return badRequest('The request cannot be read; send a valid URL, valid headers and a body of valid JSON.');
    case 401:
      return unauthorized();
    case 403:
      return forbidden();
    case 404:
    case 405:
    // A part of the path that is longer than any name or id: it names nothing.
    case 414:
      return routeNotFound();
    case 413:
      return payloadTooLarge();
    case 431:
      return unfit(431, 'The headers are too long; shorten them.');
    case 415:
      return unsupportedMediaType();
    case 429:
      return rateLimited(1);
    case 503:
      return unavailable(undefined, { cause: thrown });
    default:
      return status >= 400 && status < 500
        ? badRequest('The request cannot be served; check its form.')
        : internal(thrown);
  }
}

const routeNotFound = (): AppError => {
  const { code, httpStatus, temporary } = notFound();
  return new AppError({
    code,
    httpStatus,
    temporary,
    message: 'There is no such route; check the method and the path.',
  });
};
