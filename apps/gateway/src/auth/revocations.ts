import { Inject, Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import type { NatsConnection, Subscription } from '@nats-io/transport-node';
import { NATS_CONNECTION } from '@postern/eventing';
import { KeyId, type Tenant } from '@postern/contracts';
import { ApiKeysStore } from '../store/api-keys.store.js';
import { KeyRing } from './key-ring.js';

/** Core NATS, not JetStream: who misses it learns the same within a second, when the cached key is checked again. */
const SUBJECT = 'gateway.keys.revoked';

/** Tells all gateways that a key was revoked, and closes it here when another one says so. */
@Injectable()
export class Revocations implements OnModuleInit, OnModuleDestroy {
  private subscription: Subscription | undefined;
  private readonly listeners: ((keyId: KeyId) => void)[] = [];

  constructor(
    @Inject(NATS_CONNECTION) private readonly nats: NatsConnection,
    private readonly keyRing: KeyRing,
    private readonly keys: ApiKeysStore,
  ) {}

  onModuleInit(): void {
    this.subscription = this.nats.subscribe(SUBJECT, {
      callback: (error, message) => {
        const keyId = KeyId.safeParse(error === null ? message.string() : undefined);
        if (keyId.success) this.close(keyId.data);
      },
    });
  }

  onModuleDestroy(): void {
    this.subscription?.unsubscribe();
  }

  /** To be called after the commit. Never fails: without the broadcast other gateways close the key within a second. */
  announce(keyId: KeyId): void {
    this.close(keyId);
    if (!this.nats.isClosed()) this.nats.publish(SUBJECT, keyId);
  }

  /** Tells of every revocation that this gateway hears of: for requests that are under way for long. */
  onRevoked(listener: (keyId: KeyId) => void): void {
    this.listeners.push(listener);
  }

  /** Which of some keys have been revoked, whether or not the broadcast came. @throws when the database is away. */
  among(keys: readonly (Tenant & { keyId: KeyId | null })[]): Promise<KeyId[]> {
    return this.keys.revokedAmong(keys);
  }

  private close(keyId: KeyId): void {
    this.keyRing.close(keyId);
    for (const listener of this.listeners) listener(keyId);
  }
}
