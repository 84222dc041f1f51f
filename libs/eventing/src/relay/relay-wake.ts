import { Injectable } from '@nestjs/common';

/** How long a commit usually takes from its last statement: waking the relay sooner would find nothing. */
const COMMIT_MS = 2;

/**
 * Tells the relay that there is work, within this process and (throttled) in the process that leads.
 * Only a hint: the relay also looks every 250 ms.
 */
@Injectable()
export class RelayWake {
  private listener: () => void = () => undefined;
  private timer: NodeJS.Timeout | null = null;

  onWake(listener: () => void): void {
    this.listener = listener;
  }

  soon(): void {
    this.timer ??= setTimeout(() => {
      this.timer = null;
      this.listener();
    }, COMMIT_MS);
  }
}
