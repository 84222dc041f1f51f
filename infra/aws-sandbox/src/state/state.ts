import type { DnsRecord } from '../dns/zone.js';
import type { ConfigurationSet } from '../ses/configuration-sets.js';
import type { Identity } from '../ses/identities.js';
import type { SigningKey } from '../sns/signing-key.js';
import type { Subscription, Topic } from '../sns/topics.js';

/** All that survives a restart. Messages, faults and quotas do not. */
export interface SandboxState {
  readonly version: 1;
  readonly signingKey: SigningKey;
  /** by ARN */
  readonly topics: Record<string, Topic>;
  /** by ARN */
  readonly subscriptions: Record<string, Subscription>;
  /** by identity, lower case */
  readonly identities: Record<string, Identity>;
  /** by name */
  readonly configurationSets: Record<string, ConfigurationSet>;
  /** what the DNS holds */
  readonly dns: DnsRecord[];
}

/** The state in memory and its file. */
export interface StateStore {
  readonly state: SandboxState;
  /** Resolves when everything changed so far is on disk. */
  save(): Promise<void>;
}
