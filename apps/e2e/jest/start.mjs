// One stack for all end-to-end tests that do not break it.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startStack } from '@postern/local';
import { refuseDeadlocks } from '@postern/testing/deadlocks';

/** On a machine that also starts other stacks, a service that pauses is not away. What is told of those that are, has a stack of its own. */
const PATIENT = { GATEWAY_PATIENCE_MS: '30000' };

export default async function setUp() {
  const directory = await mkdtemp(join(tmpdir(), 'postern-e2e-'));
  const stack = await startStack({ dataDir: directory, envOf: { gateway: PATIENT } });
  process.env.POSTERN_E2E_DATA_DIR = directory;
  globalThis.stopPosternOfRun = async () => {
    await stack.stop();
    refuseDeadlocks(stack.logs('postgres'));
    await rm(directory, { recursive: true, force: true });
  };
}
