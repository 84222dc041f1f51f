import { Inject, Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import type { StreamEventsQuery, Tenant } from '@postern/contracts';
import {
  CONFIG,
  type Logger,
  LOGGER,
  pollLoop,
  rateLimited,
  unauthorized,
  unavailable,
  type Wakeable,
} from '@postern/platform';
import { Revocations } from '../auth/revocations.js';
import type { Caller } from '../edge/caller.js';
import { EventStream } from './event-stream.js';
import { LogReader } from './log-reader.js';
import { type LogListener, LogSignals } from './log-signals.js';

/** Streams are looked at this often; as often as a key may be checked last, see KEY_FRESH_MS. */
const ROUND_MS = 1_000;
/** After the end of other streams there is room again. */
const AGAIN_AFTER_SECONDS = 5;

/** The settings that streams go by. */
export interface StreamSettings {
  readonly GATEWAY_STREAMS: number;
  readonly GATEWAY_STREAMS_PER_ORGANIZATION: number;
  readonly GATEWAY_STREAM_HEARTBEAT_SECONDS: number;
}

type Reader = Pick<Caller, 'context' | 'expiresAt' | 'gone'>;

/** The streams that are open in this process: wakes them, keeps them few, and closes them when their key ends. */
@Injectable()
export class EventStreams implements LogListener, OnModuleInit, OnModuleDestroy {
  private readonly streams = new Map<EventStream, Reader>();
  private readonly ofOrganization = new Map<string, Set<EventStream>>();
  private rounds: Wakeable | undefined;
  private closing = false;

  constructor(
    private readonly log: LogReader,
    private readonly signals: LogSignals,
    private readonly revocations: Revocations,
    @Inject(CONFIG) private readonly settings: StreamSettings,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  onModuleInit(): void {
    this.signals.listen(this);
    this.revocations.onRevoked((keyId) => this.close(new Set([keyId])));
    this.rounds = pollLoop({
      intervalMs: ROUND_MS,
      work: () => this.round(),
      onError: (err) => this.logger.warn({ what: 'gateway.streams', err }),
    });
  }

  async onModuleDestroy(): Promise<void> {
    this.closing = true;
    for (const stream of this.streams.keys()) stream.finish();
    await this.rounds?.stop();
  }

  /**
   * Opens a stream of the events after a sequence. It ends when the key ends or the gateway stops, and with the client.
   * @throws AppError before the stream begins: `rate_limited` when too many are open, `events_expired`, 422, `unavailable`.
   */
  async open(reader: Reader, { after, types }: StreamEventsQuery): Promise<EventStream> {
    if (this.closing) throw unavailable();
    this.mustHaveRoom(reader.context.organizationId);
    const view = { context: reader.context, types };
    const stream = new EventStream((position) => this.log.read(view, position), after);
    this.enter(stream, reader);
    try {
      await stream.begin();
    } catch (error) {
      stream.destroy();
      throw error;
    }
    if (stream.destroyed) throw this.closing ? unavailable() : unauthorized();
    return stream;
  }

  grown({ organizationId, mode }: Tenant): void {
    for (const stream of this.ofOrganization.get(organizationId) ?? [])
      if (this.streams.get(stream)?.context.mode === mode) stream.wake();
  }

  missed(): void {
    for (const stream of this.streams.keys()) stream.wake();
  }

  private mustHaveRoom(organizationId: string): void {
    const isFull = this.streams.size >= this.settings.GATEWAY_STREAMS;
    const ofOne = this.ofOrganization.get(organizationId)?.size ?? 0;
    if (isFull || ofOne >= this.settings.GATEWAY_STREAMS_PER_ORGANIZATION)
      throw rateLimited(AGAIN_AFTER_SECONDS, 'Keep fewer streams open at the same time.', { reason: 'streams' });
  }

  private enter(stream: EventStream, reader: Reader): void {
    const { organizationId } = reader.context;
    const siblings = this.ofOrganization.get(organizationId) ?? new Set();
    this.ofOrganization.set(organizationId, siblings.add(stream));
    this.streams.set(stream, reader);
    stream.once('close', () => {
      this.streams.delete(stream);
      siblings.delete(stream);
      if (siblings.size === 0) this.ofOrganization.delete(organizationId);
    });
    const gone = reader.gone();
    gone.addEventListener('abort', () => stream.destroy(), { once: true });
    if (gone.aborted) stream.destroy();
  }

  private close(keyIds: ReadonlySet<string | null>): void {
    for (const [stream, { context }] of this.streams) if (keyIds.has(context.keyId)) stream.finish();
  }

  private async round(): Promise<boolean> {
    const now = performance.now();
    for (const [stream, { expiresAt }] of this.streams) {
      if (expiresAt !== null && expiresAt.getTime() <= Date.now()) stream.finish();
      else stream.tick(now, this.settings.GATEWAY_STREAM_HEARTBEAT_SECONDS * 1000);
    }
    if (this.streams.size > 0) this.close(await this.revokedKeys());
    return false;
  }

  /** The broadcast may have been missed. While the database is away nobody can revoke, either. */
  private async revokedKeys(): Promise<ReadonlySet<string>> {
    const keys = new Map([...this.streams.values()].map(({ context }) => [context.keyId, context]));
    return new Set(await this.revocations.among([...keys.values()]));
  }
}
