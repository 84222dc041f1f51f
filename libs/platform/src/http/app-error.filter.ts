import { type ArgumentsHost, Catch, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from '../logging/logger.js';
import { errorBody } from './error-body.js';
import { toAppError } from './to-app-error.js';

/** Answers every error of an HTTP route in the one shape, and logs the ones that a person must look at. */
@Catch()
export class AppErrorFilter implements ExceptionFilter {
  constructor(private readonly logger: Logger) {}

  catch(thrown: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    const reply = http.getResponse<FastifyReply>();
    const error = toAppError(thrown);
    if (error.httpStatus >= 500) {
      const line = {
        what: 'http.error',
        requestId: request.id,
        route: request.routeOptions?.url,
        code: error.code,
        err: error,
      };
      if (error.temporary) this.logger.warn(line);
      else this.logger.error(line);
    }
    // A reply that has begun (a stream) can only be cut.
    if (reply.sent || reply.raw.headersSent) {
      reply.raw.destroy();
      return;
    }
    if (error.retryAfterSeconds !== undefined)
      void reply.header('retry-after', String(Math.ceil(error.retryAfterSeconds)));
    // A route of another media type may have set that type before it failed.
    void reply.status(error.httpStatus).type('application/json; charset=utf-8').send(errorBody(error, request.id));
  }
}
