import { LOOPBACK } from '../data-dir/ports.js';
import type { LocalJson, Pids } from '../local-json/local-json.js';
import type { Fleet } from './fleet.js';
import { portOf, type Replica } from './stack-ports.js';

/** What does not change while a stack runs and is not in its ports. */
export type StackFacts = Omit<LocalJson, 'ingest_url' | 'smtp' | 'admin_urls' | 'pids'>;

/** The content of `local.json` at this moment. */
export function describeStack(facts: StackFacts, replicas: readonly Replica[], fleet: Fleet): LocalJson {
  const firsts = replicas.filter(({ name, service }) => name === service.name);
  const pidsOf = (group: string): Pids => {
    if (!fleet.has(group)) return null;
    const pids = fleet.group(group).flatMap(({ pid }) => pid ?? []);
    return fleet.group(group).length > 1 ? pids : (pids[0] ?? null);
  };
  return {
    ...facts,
    ingest_url: `http://${LOOPBACK}:${portOf(replicas, 'ingest', 'http')}`,
    smtp: { host: LOOPBACK, port: portOf(replicas, 'ingest', 'smtp') },
    admin_urls: Object.fromEntries(firsts.map(({ name, ports }) => [name, `http://${LOOPBACK}:${ports.admin}`])),
    pids: {
      runner: process.pid,
      postgres: pidsOf('postgres'),
      nats: pidsOf('nats'),
      aws_sandbox: pidsOf('aws-sandbox'),
      ...Object.fromEntries(firsts.map(({ name }) => [name, pidsOf(name)])),
    },
  };
}
