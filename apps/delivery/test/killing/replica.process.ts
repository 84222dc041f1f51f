// A replica of delivery in a process of its own. With arguments, it is struck: POINT SIGNAL.
import { runService } from '@postern/platform';
import { deliveryService } from '../../src/delivery.service.js';
import { Trap, type TrapPoint } from './trap.js';
import { trapped } from './trapped-module.js';

const [point, signal] = process.argv.slice(2);
await runService(
  point === undefined
    ? deliveryService
    : {
        ...deliveryService,
        module: (config) => trapped(config, new Trap(point as TrapPoint, signal as 'SIGKILL' | 'SIGSTOP')),
      },
);
