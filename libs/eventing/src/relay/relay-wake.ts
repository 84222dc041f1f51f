import { Injectable } from '@nestjs/common';

/**
 * Tells the relay that there is work: in this process, or in the process that leads.
 * Only a hint: the relay also looks every 250 ms.
 */
@Injectable()
export class RelayWake {
  private listener: () => void = () => undefined;

  onWake(listener: () => void): void {
    this.listener = listener;
  }

  /** To be called after the commit: a relay that looks sooner finds nothing, and then only at its next poll. */
  now(): void {
    this.listener();
  }
}
