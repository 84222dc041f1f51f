import type { Environment } from '../config/environment.js';
import { repositoryPath } from '../config/repository.js';
import type { DataDir } from '../data-dir/data-dir.js';
import type { DataDirLock } from '../data-dir/lock.js';
import { LOOPBACK, PortBook } from '../data-dir/ports.js';
import { secret } from '../data-dir/secrets.js';
import { removeLocalJson, writeLocalJson, type LocalJson } from '../local-json/local-json.js';
import { clearLeftoverServer } from '../postgres/start-postgres.js';
import { migrateAll } from '../provision/migrate.js';
import { localKeys } from '../provision/organization.js';
import { planAws, type AwsPlan } from '../services/aws-plan.js';
import { SERVICES } from '../services/service-table.js';
import { stopLeftovers } from '../supervise/pid-file.js';
import { describeStack } from './describe-stack.js';
import { Fleet } from './fleet.js';
import { serviceSettings, serviceSpec, type SandboxOptions } from './process-specs.js';
import { Progress } from './progress.js';
import { startServers, type ServerUrls } from './servers.js';
import { stackHandle } from './stack-handle.js';
import { assignPorts, portOf, type Replica } from './stack-ports.js';
import type { Stack, StackOptions } from './stack.js';

const DEFAULT_DOMAIN = 'postern.test';

/** Settings of a process of a service. */
type SettingsOf = (replica: Replica) => Record<string, string>;

/** One start of a stack: its steps in order, and the way back from any of them. */
export class Launch {
  readonly #environment: Environment;
  readonly #progress: Progress;
  readonly #fleet: Fleet;
  #local: (() => LocalJson) | undefined;
  #stopped: Promise<void> | undefined;

  constructor(
    private readonly options: StackOptions,
    private readonly dataDir: DataDir,
    private readonly lock: DataDirLock,
  ) {
    this.#environment = options.environment ?? {};
    this.#progress = new Progress((line) => options.report?.(line));
    this.#fleet = new Fleet(dataDir, this.#progress.say, () => this.#writeLocal());
  }

  async run(): Promise<Stack> {
    await this.#clearLeftovers();
    const book = new PortBook(this.dataDir);
    const { services = SERVICES, replicas: count = 1, port = 0 } = this.options;
    const replicas = await assignPorts(services, count, port, book);
    const sandbox = await this.#planSandbox(replicas, book);
    const sandboxUrl = `http://${LOOPBACK}:${sandbox.port}`;
    const aws = planAws(this.#environment, sandboxUrl);

    const urls = await startServers({
      dataDir: this.dataDir,
      fleet: this.#fleet,
      environment: this.#environment,
      progress: this.#progress,
      ports: { postgres: await book.claim('postgres'), nats: await book.claim('nats') },
      sandbox: aws.sandbox ? sandbox : undefined,
      signal: this.options.signal,
    });
    const settingsOf = this.#settingsFor(urls, sandbox.domain, aws);
    await this.#progress.step('The database schemas are up to date', () => this.#migrate(replicas, urls, settingsOf));
    await this.#progress.step('The services are ready', () => this.#startServices(replicas, settingsOf));

    const gatewayUrl = `http://${LOOPBACK}:${portOf(replicas, 'gateway', 'http')}`;
    const facts = {
      gateway_url: gatewayUrl,
      aws_sandbox_url: aws.sandbox ? sandboxUrl : null,
      sns_topics: aws.topics,
      database_url: urls.adminUrl,
      nats_url: urls.natsUrl,
      domain: sandbox.domain,
      root_key: this.#rootKey,
      ...(await localKeys(gatewayUrl, this.#rootKey, this.dataDir)),
    };
    const local = (): LocalJson => describeStack(facts, replicas, this.#fleet);
    this.#local = local;
    this.#writeLocal();
    return stackHandle(this.dataDir.root, this.#fleet, local, () => this.stop());
  }

  /** Ends everything, whatever was reached; calling it again waits for the same end. */
  stop(): Promise<void> {
    this.#stopped ??= this.#stop();
    return this.#stopped;
  }

  async #stop(): Promise<void> {
    this.lock.stopping();
    this.#local = undefined;
    removeLocalJson(this.dataDir);
    await this.#fleet.stop();
    this.lock.release();
  }

  async #clearLeftovers(): Promise<void> {
    removeLocalJson(this.dataDir);
    const names = await stopLeftovers(this.dataDir.run);
    await clearLeftoverServer(this.dataDir);
    if (names.length > 0) this.#progress.say(`Ended what an earlier runner left behind: ${names.join(', ')}`);
  }

  async #planSandbox(replicas: readonly Replica[], book: PortBook): Promise<SandboxOptions> {
    return {
      script: this.options.sandboxScript ?? repositoryPath('infra/aws-sandbox/dist/main.js'),
      port: await book.claim('aws-sandbox'),
      smtpPort: portOf(replicas, 'ingest', 'smtp'),
      domain: this.options.env?.['POSTERN_DOMAIN'] ?? this.#environment['POSTERN_DOMAIN'] ?? DEFAULT_DOMAIN,
      dataDir: this.dataDir,
    };
  }

  get #rootKey(): string {
    return this.#environment['POSTERN_ROOT_KEY'] ?? `pn_root_${secret(this.dataDir, 'root-key')}`;
  }

  #settingsFor(urls: ServerUrls, domain: string, aws: AwsPlan): SettingsOf {
    const { env = {}, envOf = {} } = this.options;
    const options = { dataDir: this.dataDir, environment: this.#environment, ...urls, domain, env, envOf };
    return ({ service, ports }) =>
      serviceSettings(service, { ports, rootKey: this.#rootKey, aws: aws.settings }, options);
  }

  async #migrate(replicas: readonly Replica[], { adminUrl }: ServerUrls, settingsOf: SettingsOf): Promise<void> {
    await migrateAll({
      dataDir: this.dataDir,
      processes: replicas.filter(({ name, service }) => name === service.name),
      adminUrl,
      settingsOf,
      trustRecord: this.#fleet.has('postgres'),
      ...(this.options.signal ? { signal: this.options.signal } : {}),
    });
  }

  async #startServices(replicas: readonly Replica[], settingsOf: SettingsOf): Promise<void> {
    const starts = replicas.map((replica) => {
      const { name, service, ports } = replica;
      return this.#fleet.run(service.name, serviceSpec(name, service, ports.admin, settingsOf(replica)));
    });
    await Promise.all(starts);
  }

  #writeLocal(): void {
    if (this.#local) writeLocalJson(this.dataDir, this.#local());
  }
}
