import type { Provider as Providing } from '@nestjs/common';
import { PauseStore } from '../../src/store/pauses.js';
import { ReputationStore } from '../../src/store/reputations.js';
import type { Trap } from './trap.js';

/** Traps on the way of the brake. */
export function brakeTraps(trap: Trap): Providing[] {
  class TrappedReputations extends ReputationStore {
    private isSet = false;

    override async addUp(...given: Parameters<ReputationStore['addUp']>) {
      const touched = await super.addUp(...given);
      if (touched !== null && touched.length > 0) trap.reach('added_up');
      return touched;
    }
    override async set(...given: Parameters<ReputationStore['set']>) {
      const version = await super.set(...given);
      this.isSet = true;
      trap.reach('brake_set');
      return version;
    }
    // What the keeper does after its transaction.
    override async forget(...given: Parameters<ReputationStore['forget']>) {
      if (this.isSet) trap.reach('brake_committed');
      return super.forget(...given);
    }
  }
  class TrappedPauses extends PauseStore {
    override async release(...given: Parameters<PauseStore['release']>) {
      const released = await super.release(...given);
      if (released) trap.reach('release_open');
      return released;
    }
  }
  return [
    { provide: ReputationStore, useClass: TrappedReputations },
    { provide: PauseStore, useClass: TrappedPauses },
  ];
}
