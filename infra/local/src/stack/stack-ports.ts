import type { PortBook } from '../data-dir/ports.js';
import type { ServiceDefinition, ServicePorts } from '../services/service-definition.js';

/** One process of a service and its ports. */
export interface Replica {
  /** `delivery`, and `delivery-2` for the second one. */
  readonly name: string;
  readonly service: ServiceDefinition;
  readonly ports: ServicePorts;
}

/**
 * Gives every process of the services its ports.
 * @param gatewayPort  for the first process of the first service; 0 takes a free one like everybody else.
 * @throws StartError when the gateway's port is taken.
 */
export async function assignPorts(
  services: readonly ServiceDefinition[],
  replicas: number,
  gatewayPort: number,
  book: PortBook,
): Promise<Replica[]> {
  // Before anyone else can happen to get it.
  const front = gatewayPort === 0 ? undefined : await book.claimExactly(gatewayPort);
  const assigned: Replica[] = [];
  for (const service of services) {
    for (let number = 1; number <= replicas; number += 1) {
      const name = number === 1 ? service.name : `${service.name}-${number}`;
      const isFront = service === services[0] && number === 1;
      const admin = await book.claim(`${name}.admin`);
      const http = service.ports.includes('http')
        ? ((isFront ? front : undefined) ?? (await book.claim(`${name}.http`)))
        : undefined;
      const smtp = service.ports.includes('smtp') ? await book.claim(`${name}.smtp`) : undefined;
      assigned.push({ name, service, ports: { admin, ...(http && { http }), ...(smtp && { smtp }) } });
    }
  }
  return assigned;
}

/** A port of the first process of a service. @throws Error when the table has no such service or it has no such port. */
export function portOf(replicas: readonly Replica[], service: string, kind: keyof ServicePorts): number {
  const port = replicas.find(({ name }) => name === service)?.ports[kind];
  if (port === undefined) throw new Error(`The service table has no ${kind} port of ${service}.`);
  return port;
}
