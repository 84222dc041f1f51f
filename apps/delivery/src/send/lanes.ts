import { Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import type { CatchUp } from '@postern/eventing';
import type { Lane } from './lane.js';
import type { Results } from './results.js';

/** The lanes of live and of test mode. Trouble with SES stops the one, never the other. */
@Injectable()
export class Lanes implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly stopping = new AbortController();
  private starting: Promise<void> = Promise.resolve();

  constructor(
    private readonly lanes: readonly Lane[],
    private readonly results: Results,
    private readonly catchUp: CatchUp,
  ) {}

  /** Nothing is handed over before every inbox that was paused while this service was away is known. */
  onApplicationBootstrap(): void {
    this.starting = this.catchUp.wait('delivery__inboxes', this.stopping.signal).then(() => {
      if (this.stopping.signal.aborted) return;
      for (const lane of this.lanes) lane.start();
    });
  }

  /** Calls under way end, and their results are written, while database and bus are still there. */
  async onModuleDestroy(): Promise<void> {
    this.stopping.abort();
    await this.starting;
    this.results.stop();
    await Promise.all(this.lanes.map((lane) => lane.stop()));
  }

  wake(): void {
    for (const lane of this.lanes) lane.wake();
  }
}
