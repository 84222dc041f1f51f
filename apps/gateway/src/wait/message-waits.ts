import { Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import type { CommandContext, MessageSummary } from '@postern/contracts';
import { rateLimited, unauthorized } from '@postern/platform';
import { within } from '../auth/within.js';
import { Revocations } from '../auth/revocations.js';
import type { Caller } from '../edge/caller.js';
import { type ChangedMessage, type Listener, MessageFacts } from './message-facts.js';
import { OpenWait } from './open-wait.js';

/** A waiting request is a socket and some hundred octets; this many are let in by one gateway. */
export const WAITS_MAX = 5_000;
/** What one organization may take of them, so that the others can wait, too. */
export const WAITS_OF_ORGANIZATION_MAX = 500;

/** A broker that does not answer in this time is away. */
const LISTEN_WITHIN_MS = 1_000;

/** Who waits: of a caller, what the wait needs. */
export type Waiter = Pick<Caller, 'context' | 'expiresAt' | 'gone'>;

/** What a request waits for. */
export interface Wish<T> {
  /** The most that it waits. */
  seconds: number;
  /** Whether a change of this message of the caller's tenant is worth a look. */
  concerns(message: MessageSummary): boolean;
  /** Asks the owner for what is waited for; null while it is not there. Called at once, after changes, and at the end. */
  look(): Promise<T | null>;
}

interface Open {
  wait: OpenWait;
  context: CommandContext;
  concerns: Wish<unknown>['concerns'];
}

/**
 * Holds requests until something has happened to a message, in whatever service and through whatever gateway. Facts on the
 * broker wake it and the owner is asked, so that what is answered is what is stored.
 */
@Injectable()
export class MessageWaits implements Listener, OnModuleInit, OnModuleDestroy {
  private readonly open = new Set<Open>();
  private readonly counts = new Map<string, number>();
  private closing = false;

  constructor(
    private readonly facts: MessageFacts,
    private readonly revocations: Revocations,
  ) {}

  onModuleInit(): void {
    void this.facts.watchConnection(this);
    this.revocations.onRevoked((keyId) => {
      for (const { wait, context } of this.open) if (context.keyId === keyId) wait.abandon(unauthorized());
    });
  }

  /** Requests that wait are answered with what is known, so that a stop waits for nobody. */
  onModuleDestroy(): void {
    this.closing = true;
    for (const { wait } of this.open) wait.end();
  }

  /**
   * Waits for what is wished.
   * @returns what the look found; null when it was not there in time, the gateway stops or the client has gone.
   * @throws AppError `rate_limited` when too many wait already, `unavailable` when the broker is away, `unauthorized` when the key is revoked or expires
   * meanwhile; what the look throws.
   */
  async until<T>({ context, expiresAt, gone }: Waiter, { seconds, concerns, look }: Wish<T>): Promise<T | null> {
    if (!this.hasRoom(context.organizationId))
      throw rateLimited(1, 'Let fewer requests wait at the same time.', { reason: 'waits' });
    const one: Open = { wait: new OpenWait(), context, concerns };
    const leave = (): void => one.wait.abandon();
    const client = gone();
    const keyEnds =
      expiresAt === null ? undefined : setTimeout(() => one.wait.abandon(unauthorized()), msUntil(expiresAt));
    this.enter(one);
    client.addEventListener('abort', leave);
    if (client.aborted) leave();
    try {
      await within(LISTEN_WITHIN_MS, this.facts.listen(this));
      return await one.wait.run(look, this.closing ? 0 : seconds * 1000);
    } finally {
      clearTimeout(keyEnds);
      client.removeEventListener('abort', leave);
      this.exit(one);
    }
  }

  listensTo(organizationId: string): boolean {
    return this.counts.has(organizationId);
  }

  changed({ organizationId, mode, message }: ChangedMessage): void {
    for (const { wait, context, concerns } of this.open) {
      if (context.organizationId === organizationId && context.mode === mode && concerns(message)) wait.wake();
    }
  }

  missed(): void {
    for (const { wait } of this.open) wait.wake();
  }

  private hasRoom(organizationId: string): boolean {
    return this.open.size < WAITS_MAX && (this.counts.get(organizationId) ?? 0) < WAITS_OF_ORGANIZATION_MAX;
  }

  private enter(one: Open): void {
    this.open.add(one);
    this.counts.set(one.context.organizationId, (this.counts.get(one.context.organizationId) ?? 0) + 1);
  }

  private exit(one: Open): void {
    const { organizationId } = one.context;
    const left = (this.counts.get(organizationId) ?? 1) - 1;
    if (left === 0) this.counts.delete(organizationId);
    else this.counts.set(organizationId, left);
    this.open.delete(one);
    if (this.open.size === 0) this.facts.stop();
  }
}

/** Timers take 31 bits; nobody waits that long anyway. */
const TIMER_MAX_MS = 2 ** 31 - 1;
const msUntil = (at: Date): number => Math.min(Math.max(0, at.getTime() - Date.now()), TIMER_MAX_MS);
