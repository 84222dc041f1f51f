import type { Client } from '../harness/client.js';

/** One route as the served OpenAPI document describes it. */
export interface Operation {
  /** The operationId. */
  id: string;
  method: string;
  /** Parameters in braces. */
  path: string;
  /** The scope that a key needs; `root` for the root key. */
  scope: string;
  /** The one status of success. */
  status: number;
  takesBody: boolean;
  /** Takes the header Idempotency-Key. */
  idempotent: boolean;
}

interface Described {
  operationId: string;
  security: Record<string, string[]>[];
  responses: Record<string, unknown>;
  requestBody?: object;
  parameters?: { $ref?: string }[];
}

/** Every route that a running gateway says it has. */
export async function servedOperations(client: Client): Promise<Operation[]> {
  const { body } = await client.get('/openapi.json');
  const { paths } = body as unknown as { paths: Record<string, Record<string, Described>> };
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, described]) => ({
      id: described.operationId,
      method: method.toUpperCase(),
      path,
      scope: scopeOf(described),
      status: Number(Object.keys(described.responses).find((status) => status.startsWith('2'))),
      takesBody: described.requestBody !== undefined,
      idempotent: (described.parameters ?? []).some(({ $ref }) => $ref?.endsWith('/Idempotency-Key')),
    })),
  );
}

function scopeOf({ operationId, security }: Described): string {
  const [access] = security;
  if (access !== undefined && 'rootKey' in access) return 'root';
  const scope = access?.['bearer']?.[0];
  if (scope === undefined) throw new Error(`${operationId} names no scope: declare one beside the route.`);
  return scope;
}
