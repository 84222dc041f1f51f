import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor } from '@nestjs/common';
import type { RouteDefinition } from '@postern/contracts';
import { badRequest, currentContext, internal, type Issue, validationError } from '@postern/platform';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { map, type Observable } from 'rxjs';
import type { Answer } from './answer.js';
import { type Caller, callerOf } from './caller.js';
import { goneSignalOf } from './gone.js';
import { idempotencyOf, isIssue } from './idempotency.js';
import { NESTING_MAX, nestsTooDeep } from './nesting.js';
import { type RawInput, readInput } from './read-input.js';
import { definitionOf, stateOf } from './request-state.js';
import { inboxNamedIn, Subjects } from './subjects.js';
import { waitSecondsOf } from '../wait/prefer.js';

const NO_CONTENT = 204;

/**
 * What lies between a proven key and the handler of a declared route: reads the input and the idempotency key, and turns
 * the handler's answer into the reply.
 */
@Injectable()
export class RouteInterceptor implements NestInterceptor {
  constructor(private readonly subjects: Subjects) {}

  async intercept(execution: ExecutionContext, next: CallHandler<Answer<unknown>>): Promise<Observable<unknown>> {
    const request = execution.switchToHttp().getRequest<FastifyRequest>();
    const route = definitionOf(request);
    if (route === undefined) return next.handle();
    const reply = execution.switchToHttp().getResponse<FastifyReply>();
    await this.read(request, reply, route);
    if (route.produces !== undefined) void reply.header('content-type', route.produces);
    return next.handle().pipe(
      map(({ value, replayed, preferenceApplied }) => {
        if (replayed) void reply.header('idempotent-replay', 'true');
        if (preferenceApplied !== undefined) void reply.header('preference-applied', preferenceApplied);
        return route.status === NO_CONTENT ? undefined : value;
      }),
    );
  }

  private async read(request: FastifyRequest, reply: FastifyReply, route: RouteDefinition): Promise<void> {
    const state = stateOf(request);
    if (state.principal === undefined) throw internal(new Error(`${route.id} was reached without a key check`));
    if (nestsTooDeep(request.body)) throw badRequest(`Nest the body no deeper than ${NESTING_MAX} levels.`);
    const idempotency = idempotencyOf({
      route,
      path: request.url.split('?', 1)[0] ?? '',
      header: request.headers['idempotency-key'],
      body: request.body ?? {},
    });
    const context = currentContext();
    state.caller = callerOf(state.principal, {
      requestId: request.id,
      traceparent: context?.traceparent ?? '',
      idempotency: isIssue(idempotency) ? null : idempotency,
      waitSeconds: route.prefersWait === true ? waitSecondsOf(request.headers['prefer']) : null,
      gone: goneSignalOf(reply),
    });
    const raw = { params: request.params, query: request.query, body: request.body };
    const read = readInput(route, raw);
    const issues = [...(read.ok ? [] : read.issues), ...(isIssue(idempotency) ? [idempotency] : [])];
    if (!read.ok || issues.length > 0) return this.refuse(route, state.caller, raw, issues);
    state.input = read.input;
  }

  /** What does not exist is 404, however wrong the rest of the request is. */
  private async refuse(route: RouteDefinition, caller: Caller, raw: RawInput, issues: Issue[]): Promise<never> {
    const named = route.subjectIn === undefined ? (raw.params as Record<string, string>) : inboxNamedIn(raw.body);
    if (route.subject !== undefined && named !== null) await this.subjects.mustExist(route.subject, caller, named);
    throw validationError(issues);
  }
}
