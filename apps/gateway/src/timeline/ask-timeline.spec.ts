import { describe, expect, it } from '@jest/globals';
import { AppError, notFound, unavailable } from '@postern/platform';
import {
  type CommandContext,
  type CommandDefinition,
  MESSAGE_TIMELINE,
  newId,
  type PartOfTimeline,
  type TimelineEntry,
  type TimelineService,
} from '@postern/contracts';
import type { CommandClient } from '@postern/eventing';
import { AskTimeline, merged } from './ask-timeline.js';

const AT = (second: number): string => `2026-11-21T13:25:0${second}.000Z`;
const entry = (service: TimelineService, type: TimelineEntry['type'], second: number): TimelineEntry => ({
  at: AT(second),
  type,
  service,
  data: {},
});
const part = (...entries: TimelineEntry[]): PartOfTimeline => ({ entries, truncated: false });
const ALL: Record<TimelineService, PartOfTimeline | Error> = {
  messaging: part(entry('messaging', 'accepted', 1), entry('messaging', 'delivered', 3)),
  'security-scan': part(entry('security-scan', 'scanned', 2)),
  delivery: part(entry('delivery', 'queued', 2), entry('delivery', 'sent', 3)),
  ingest: part(entry('ingest', 'feedback', 3)),
  webhooks: part(entry('webhooks', 'webhook_attempt', 1)),
};

const ask = (answers: Partial<typeof ALL>, inboxIds: string[] | null = null) => {
  const services = new Map<CommandDefinition, TimelineService>(
    Object.entries(MESSAGE_TIMELINE).map(([service, command]) => [command, service as TimelineService]),
  );
  const client = {
    ask: async (command: CommandDefinition) => {
      const answer = { ...ALL, ...answers }[services.get(command) ?? 'messaging'];
      if (answer instanceof Error) throw answer;
      return { value: answer, replayed: false };
    },
  };
  return new AskTimeline(client as unknown as CommandClient).of({ inboxIds } as CommandContext, newId('msg'));
};

describe('a timeline', () => {
  it('has the entries of all in the order of their times, causes first', async () => {
    const { data, ...rest } = await ask({});
    expect(data.map(({ service, type }) => `${service} ${type}`)).toEqual([
      'messaging accepted',
      'webhooks webhook_attempt',
      'security-scan scanned',
      'delivery queued',
      'ingest feedback',
      'delivery sent',
      'messaging delivered',
    ]);
    expect(rest).toEqual({ partial: false, missing: [], truncated: false });
  });

  it('is what the others know while one is away, and says who', async () => {
    const { data, partial, missing } = await ask({ delivery: unavailable() });
    expect([partial, missing, data.length]).toEqual([true, ['delivery'], 5]);
  });

  it('is not found where messaging says so, whatever the others know', async () => {
    await expect(ask({ messaging: notFound('message') })).rejects.toMatchObject({ code: 'not_found' });
  });

  it('without messaging is for keys of the whole organization only, and only of what is known', async () => {
    expect(await ask({ messaging: unavailable() })).toMatchObject({ missing: ['messaging'] });
    await expect(ask({ messaging: unavailable() }, [])).rejects.toBeInstanceOf(AppError);
    const nothing = { 'security-scan': part(), delivery: part(), ingest: part(), webhooks: part() };
    await expect(ask({ ...nothing, messaging: unavailable() })).rejects.toMatchObject({ code: 'unavailable' });
  });

  it('says when a service has more than it tells', () => {
    expect(merged({ webhooks: { entries: [], truncated: true } }).truncated).toBe(true);
  });
});
