import type { Busy, Counted } from './in-flight.js';

/** How many calls may be under way at once in this process. */
export interface Room {
  process: number;
  /** To one healthy endpoint; a failing one has room for one. */
  endpoint: number;
  /** To all healthy endpoints of one organization. */
  tenant: number;
  /** To all failing endpoints of one organization. */
  tenantFailing: number;
  /** To all failing endpoints. */
  failing: number;
}

/** Whoever has endpoints that hang, and has not been found failing yet, leaves the others this much. */
const TENANT_SHARE = 1 / 2;
/** Calls to failing endpoints mostly end by time-out: all of them together leave the others most of the process. */
const FAILING_SHARE = 1 / 4;
const TENANT_FAILING_SHARE = 1 / 16;

/** Divides the room of a process: each part is one at the least. */
export const roomOf = (process: number, endpoint: number): Room => ({
  process,
  endpoint,
  tenant: Math.ceil(process * TENANT_SHARE),
  tenantFailing: Math.ceil(process * TENANT_FAILING_SHARE),
  failing: Math.ceil(process * FAILING_SHARE),
});

/**
 * Whether calls that are due may have been left because of room. Else the end of a call makes none claimable, and nobody need look.
 * @param busy  what was under way when the claim began. @param claims  what it gave, less than was asked for.
 */
export function isFull(room: Room, busy: Busy, claims: readonly Counted[]): boolean {
  if (busy.failing > 0 || claims.some(({ isFailing }) => isFailing)) return true;
  const endpoints = new Map(busy.endpoints);
  const tenants = new Map(busy.tenants.map(({ organizationId, calls }) => [organizationId, calls]));
  for (const { webhookId, organizationId } of claims) {
    endpoints.set(webhookId, (endpoints.get(webhookId) ?? 0) + 1);
    tenants.set(organizationId, (tenants.get(organizationId) ?? 0) + 1);
  }
  const reaches = (counts: ReadonlyMap<string, number>, most: number): boolean =>
    [...counts.values()].some((calls) => calls >= most);
  return reaches(endpoints, room.endpoint) || reaches(tenants, room.tenant);
}
