// The webhooks service in a process of its own, which real signals can reach. Its leases and retries are short.
// There are more retries than a busy machine can use up by answering too late.
import { runService } from '@postern/platform';
import { CALL_TIMING } from '../../src/call/timing.js';
import { webhooksServiceWith } from '../../src/webhooks.service.js';

await runService(
  webhooksServiceWith({ ...CALL_TIMING, timeoutMs: 1_400, leaseMs: 3_000, retryDelaysMs: Array<number>(20).fill(50) }),
);
