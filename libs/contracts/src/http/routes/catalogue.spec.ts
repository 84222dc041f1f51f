import { describe, expect, it } from '@jest/globals';
import { SCOPES } from '../api-key.js';
import { ROUTES } from './catalogue.js';

const names = ROUTES.map((route) => [`${route.method} ${route.path}`, route] as const);

describe('the routes', () => {
  it('have ids and paths of their own', () => {
    expect(new Set(ROUTES.map(({ id }) => id)).size).toBe(ROUTES.length);
    expect(new Set(names.map(([name]) => name)).size).toBe(ROUTES.length);
  });

  it.each(names)('%s needs a scope that exists', (_name, { scope }) => {
    expect(['root', ...SCOPES]).toContain(scope);
  });

  it.each(names)('%s reads with a read scope and changes with another', (_name, { method, scope, idempotent }) => {
    // A POST that takes no idempotency key makes nothing: a body was too long for a query.
    if (scope === 'root' || (method === 'POST' && !idempotent)) return;
    expect(scope.endsWith(':read')).toBe(method === 'GET');
  });

  it.each(names.filter(([, { path }]) => path.includes('{')))('%s says what its path names', (_name, { subject }) => {
    expect(subject).toEqual(expect.any(String));
  });

  it.each(names)('%s takes the example it shows', (_name, { body, example }) => {
    if (example !== undefined) expect(body.safeParse(example).error).toBeUndefined();
  });

  it.each(names)('%s refuses unknown fields and parameters', (_name, { body, query }) => {
    const unknown = { no_such_field: 1 };
    for (const part of [body, query]) {
      const codes = part.safeParse(unknown).error?.issues.map(({ code }) => code);
      expect(codes).toContain('unrecognized_keys');
    }
  });
});
