/** Ports of one process of a service. */
export interface ServicePorts {
  readonly admin: number;
  /** Public HTTP, where the service has it. */
  readonly http?: number;
  readonly smtp?: number;
}

/** What the settings of a service may depend on. */
export interface ServiceContext {
  readonly ports: ServicePorts;
  readonly rootKey: string;
  /** Settings that say where Amazon (or its sandbox) is. */
  readonly aws: Readonly<Record<string, string>>;
}

/** One service as the runner sees it. Tests run the stack with small programs in place of the real ones. */
export interface ServiceDefinition {
  /** Names the processes, the log files, and (with `_` for `-`) the database role `postern_…`. */
  readonly name: string;
  /** Absolute path of its program, run as `node SCRIPT`; ready when `/health/ready` on the admin port says 200. */
  readonly script: string;
  /** Absolute path of the program that makes role and schema and runs the migrations. */
  readonly migrateScript?: string;
  /** Directories whose content decides whether migrations must run again. */
  readonly migrateInputs?: readonly string[];
  /** Ports that it needs besides the admin port. */
  readonly ports: readonly ('http' | 'smtp')[];
  /** Settings beyond those that every service gets. */
  settings(context: ServiceContext): Record<string, string>;
}
