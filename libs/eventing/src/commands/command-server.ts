import { ServerNats, type CustomStrategy, type NatsOptions } from '@nestjs/microservices';
import { natsOptions } from '../jetstream/connect.js';

/** In-flight commands get this long to be answered when the process stops. */
const GRACE_MS = 300;

/** Nest's NATS transport for the commands of a service; its replicas share the work as one queue group. */
export function commandServer(service: string, natsUrl: string): CustomStrategy {
  const { servers, ...rest } = natsOptions(natsUrl, `${service}-commands`);
  const options = {
    ...rest,
    servers: servers as string[],
    queue: service,
    gracefulShutdown: true,
    gracePeriod: GRACE_MS,
  };
  return { strategy: new ServerNats(options as NonNullable<NatsOptions['options']>) };
}
