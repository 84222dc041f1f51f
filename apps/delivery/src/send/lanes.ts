import { Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import type { Lane } from './lane.js';
import type { Results } from './results.js';

/** The lanes of live and of test mode. Trouble with SES stops the one, never the other. */
@Injectable()
export class Lanes implements OnApplicationBootstrap, OnModuleDestroy {
  constructor(
    private readonly lanes: readonly Lane[],
    private readonly results: Results,
  ) {}

  onApplicationBootstrap(): void {
    for (const lane of this.lanes) lane.start();
  }

  /** Calls under way end, and their results are written, while database and bus are still there. */
  async onModuleDestroy(): Promise<void> {
    this.results.stop();
    await Promise.all(this.lanes.map((lane) => lane.stop()));
  }

  wake(): void {
    for (const lane of this.lanes) lane.wake();
  }
}
