import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Infra } from '@postern/testing';

const LOADER = new URL('../../../../libs/testing/jest/typescript-loader.mjs', import.meta.url).href;
const PROGRAM = fileURLToPath(new URL('./webhooks.process.ts', import.meta.url));

/** The service as a process that is started again whenever it dies, as by the runner or Kubernetes. */
export class KeptAlive {
  private child: ChildProcess;
  private stopping = false;

  constructor(private readonly infra: Infra) {
    this.child = this.start();
  }

  kill(): void {
    this.child.kill('SIGKILL');
  }

  async stop(): Promise<void> {
    this.stopping = true;
    this.child.kill('SIGTERM');
    if (this.child.exitCode === null && this.child.signalCode === null) await once(this.child, 'exit');
  }

  private start(): ChildProcess {
    const child = spawn(process.execPath, ['--no-warnings', '--import', LOADER, PROGRAM], {
      env: {
        POSTERN_ENV: 'local',
        HOST: '127.0.0.1',
        ADMIN_PORT: '0',
        LOG_LEVEL: 'silent',
        DATABASE_URL: this.infra.serviceUrl('webhooks'),
        NATS_URL: this.infra.natsUrl,
        CONTENT_STORE_URL: this.infra.contentStoreUrl,
        POSTERN_DOMAIN: 'postern.test',
        WEBHOOKS_TARGETS: 'loopback',
      },
      stdio: ['ignore', 'inherit', 'inherit'],
    });
    child.once('exit', () => {
      if (!this.stopping) this.child = this.start();
    });
    return child;
  }
}
