import { applyDecorators, HttpCode, RequestMapping, RequestMethod } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import type { RouteDefinition, RouteInput, RouteOutput } from '@postern/contracts';
import type { Answer } from './answer.js';
import type { Caller } from './caller.js';

type Handler<D extends RouteDefinition> = (
  caller: Caller,
  input: RouteInput<D>,
  ...rest: never[]
) => Promise<Answer<RouteOutput<D>>>;

/** `/v1/inboxes/{inbox}` as the router writes it: `/v1/inboxes/:inbox`. */
const routerPath = (path: string): string => path.replaceAll(/\{(\w+)\}/g, ':$1');

/**
 * Makes a method the handler of a declared route: `(@Asks() caller, @Input() input) => Answer`. Key, scope, input and
 * status are the edge's work; the handler gets what was proven and parsed.
 */
export function Route<D extends RouteDefinition>(definition: D) {
  const bind = applyDecorators(
    RequestMapping({ path: routerPath(definition.path), method: RequestMethod[definition.method] }),
    // A handler that may redirect says its status itself; Nest's own for GET is 200.
    ...(definition.signedLink === 'redirects' ? [] : [HttpCode(definition.status)]),
    RouteConfig({ definition, streamsBody: definition.takesFile === true }),
  );
  return <T extends Handler<D>>(target: object, key: string, descriptor: TypedPropertyDescriptor<T>): void => {
    bind(target, key, descriptor);
  };
}
