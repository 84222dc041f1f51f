import { logSignalOf, newId, type PublicEvent, ReadLog, type Tenant } from '@postern/contracts';
import { connectNats } from '@postern/eventing';
import { eventsExpired, unavailable } from '@postern/platform';
import { answer, playService } from '@postern/testing';

/** The logs that the player keeps, and what it was asked. */
class Logs {
  readonly events = new Map<string, PublicEvent[]>();
  asked = 0;
  away = false;
  expired = 0;

  of({ organizationId, mode }: Tenant): PublicEvent[] {
    const key = `${organizationId}/${mode}`;
    const events = this.events.get(key) ?? [];
    this.events.set(key, events);
    return events;
  }
}

export interface PlayedLog {
  /** How often it was asked. */
  asked(): number;
  /** Answers as if its database were away. */
  away(is: boolean): void;
  /** Events up to here count as no longer kept. */
  expire(sequence: number): void;
  /** Adds events to a tenant's log, and tells of it unless it is to be missed. */
  add(tenant: Tenant, types: readonly string[], options?: { silently?: boolean }): void;
  stop(): Promise<void>;
}

/** Plays the owner of the event log. */
export async function playLog(natsUrl: string): Promise<PlayedLog> {
  const logs = new Logs();
  const player = await playService(natsUrl, 'webhooks', [
    answer(ReadLog, ({ after, types, limit }, tenant) => {
      logs.asked += 1;
      if (logs.away) throw unavailable();
      if (after > 0 && after < logs.expired) throw eventsExpired({ oldest: logs.expired + 1 });
      const all = logs.of(tenant);
      const wanted = all.filter(({ sequence, type }) => sequence > after && (types?.split(',').includes(type) ?? true));
      const events = wanted.slice(0, limit);
      const hasMore = wanted.length > limit;
      return { events, hasMore, through: hasMore ? (events.at(-1)?.sequence ?? after) : Math.max(all.length, after) };
    }),
  ]);
  const nats = await connectNats(natsUrl, 'log-player');
  return {
    asked: () => logs.asked,
    away: (is) => void (logs.away = is),
    expire: (sequence) => void (logs.expired = sequence),
    add: (tenant, types, { silently = false } = {}) => {
      const log = logs.of(tenant);
      for (const type of types) log.push(eventOf(tenant, type, log.length + 1));
      if (!silently) nats.publish(logSignalOf(tenant));
    },
    stop: async () => {
      await nats.close();
      await player.stop();
    },
  };
}

const eventOf = ({ organizationId, mode }: Tenant, type: string, sequence: number): PublicEvent => ({
  id: newId('evt'),
  type,
  sequence,
  timestamp: new Date().toISOString(),
  organization_id: organizationId,
  mode,
  data: { id: newId('msg') },
});
