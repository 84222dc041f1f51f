import { Controller } from '@nestjs/common';
import { type CommandContext, type CommandInput, type CommandOutput, CountEvents } from '@postern/contracts';
import { Answers } from '@postern/eventing';
import { CountStore } from '../store/count-store.js';
import { bucketsOf } from './buckets.js';
import { TYPE_OF_METRIC } from './metric-types.js';

/** Charts of what happened. */
@Controller()
export class MetricsCommands {
  constructor(private readonly counts: CountStore) {}

  @Answers(CountEvents)
  async count(
    context: CommandContext,
    { metrics, bucket, ...range }: CommandInput<typeof CountEvents>,
  ): Promise<CommandOutput<typeof CountEvents>> {
    const { starts, end } = bucketsOf({ bucket, ...range }, Date.now());
    const rows = await this.counts.read(context, {
      types: metrics.map((metric) => TYPE_OF_METRIC[metric]),
      inboxIds: context.inboxIds,
      since: starts[0] ?? end,
      until: end,
      bucket,
    });
    const counted = new Map(rows.map(({ type, start, count }) => [`${type} ${start.getTime()}`, count]));
    return {
      bucket,
      data: metrics.flatMap((metric) =>
        starts.map((start) => ({
          metric,
          start: start.toISOString(),
          count: counted.get(`${TYPE_OF_METRIC[metric]} ${start.getTime()}`) ?? 0,
        })),
      ),
    };
  }
}
