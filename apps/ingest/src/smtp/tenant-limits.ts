import type { Tenant } from '@postern/contracts';
import { ConnectionLimits } from './connection-limits.js';
import { RateLimit } from './rate-limit.js';

/**
 * Bounds what one tenant's inboxes receive, so that mail for one does not keep out mail for the others. Whom a connection is
 * for is known at RCPT: it takes a place of that tenant until its message has ended.
 */
export class TenantLimits {
  private readonly connections: ConnectionLimits;
  private readonly messages: RateLimit;
  private readonly held = new WeakMap<object, Set<string>>();

  constructor(maxConnections: number, messagesPerMinute: number) {
    this.connections = new ConnectionLimits(Number.POSITIVE_INFINITY, maxConnections);
    this.messages = new RateLimit(messagesPerMinute);
  }

  /** Safe to repeat within one message. @returns false when the tenant has too much under way, or had too much in the last minute. */
  enter(session: object, { organizationId, mode }: Tenant): boolean {
    const tenant = `${organizationId} ${mode}`;
    const held = this.held.get(session) ?? new Set();
    if (held.has(tenant)) return true;
    if (!this.connections.enter(tenant)) return false;
    if (!this.messages.take(tenant)) {
      this.connections.leave(tenant);
      return false;
    }
    this.held.set(session, held.add(tenant));
    return true;
  }

  /** When the message has ended, whatever became of it, or the connection. Safe to repeat. */
  leave(session: object): void {
    for (const tenant of this.held.get(session) ?? []) this.connections.leave(tenant);
    this.held.delete(session);
  }
}
