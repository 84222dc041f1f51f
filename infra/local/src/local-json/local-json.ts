import { rmSync } from 'node:fs';
import type { DataDir } from '../data-dir/data-dir.js';
import { writeJsonFile } from '../data-dir/json-file.js';
import type { LocalKeys } from '../provision/organization.js';

/** One process, or a list of them where a service has replicas; null where somebody else runs the server. */
export type Pids = number | readonly number[] | null;

/** What `<data-dir>/local.json` says of a running stack (HTTP contract, "Local run"). */
export interface LocalJson extends LocalKeys {
  readonly gateway_url: string;
  readonly ingest_url: string;
  readonly smtp: { readonly host: string; readonly port: number };
  /** Null when the services talk to a real Amazon. */
  readonly aws_sandbox_url: string | null;
  readonly sns_topics: { readonly events: string; readonly inbound: string };
  /** As administrator. */
  readonly database_url: string;
  readonly nats_url: string;
  readonly domain: string;
  readonly root_key: string;
  /** `/health/*` and `/metrics` of each service (of its first process). */
  readonly admin_urls: Readonly<Record<string, string>>;
  /** `runner`, `postgres`, `nats`, `aws_sandbox` and each service. */
  readonly pids: Readonly<Record<string, Pids>>;
}

/** Writes it so that a reader sees all or nothing. It holds keys: only its owner may read it. */
export function writeLocalJson(dataDir: DataDir, content: LocalJson): void {
  writeJsonFile(dataDir.path('local.json'), content);
}

/** Nothing that reads it shall take a stack for running that is not. */
export function removeLocalJson(dataDir: DataDir): void {
  rmSync(dataDir.path('local.json'), { force: true });
}
