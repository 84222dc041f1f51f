import type { InboxId, InDoubtRule, KeyId, Mode, OrganizationId } from '@postern/contracts';
import type { Limits } from '../store/organizations.store.js';

/** A request with an API key. */
export interface KeyPrincipal {
  kind: 'key';
  keyId: KeyId;
  organizationId: OrganizationId;
  mode: Mode;
  scopes: readonly string[];
  /** Null: every inbox of the organization and mode. */
  inboxIds: readonly InboxId[] | null;
  expiresAt: Date | null;
  limits: Limits;
  inDoubt: InDoubtRule;
}

/** A request with the root key: the platform team itself. */
export interface RootPrincipal {
  kind: 'root';
}

/** A request with a signed link: whoever has it may do the one thing that it names. */
export interface LinkPrincipal {
  kind: 'link';
  organizationId: OrganizationId;
  mode: Mode;
}

/** Who asks, proven. */
export type Principal = KeyPrincipal | RootPrincipal | LinkPrincipal;
