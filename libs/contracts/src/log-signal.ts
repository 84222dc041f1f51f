import { Tenant } from './tenant.js';

const PREFIX = 'events.logged';

/** All of them, for a subscription. */
export const LOG_SIGNALS = `${PREFIX}.*.*`;

/**
 * The subject on which readers are told that a tenant's event log has grown. Core NATS, outside every stream, and without
 * content: whoever hears it reads the log; whoever misses it must look now and then.
 */
export const logSignalOf = ({ organizationId, mode }: Tenant): string => `${PREFIX}.${organizationId}.${mode}`;

/** Whose log has grown; null for what is no such subject. */
export function tenantOfLogSignal(subject: string): Tenant | null {
  const [organizationId, mode] = subject.slice(PREFIX.length + 1).split('.');
  const read = Tenant.safeParse({ organizationId, mode });
  return read.success ? read.data : null;
}
