/** Injection tokens of this library. */
export const NATS_CONNECTION = Symbol('NATS_CONNECTION');
export const EVENTING_OPTIONS = Symbol('EVENTING_OPTIONS');
export const CONTENT_STORE = Symbol('CONTENT_STORE');

export interface EventingOptions {
  /** Name of the service: the queue group of its commands and the name on its connections. */
  service: string;
  natsUrl: string;
  /** Copies of each stream: 1 on one server, 3 or 5 in a cluster. */
  streamReplicas: number;
  /** Milliseconds to wait for an answer; heavy ones have longer where this is short. Default: as long as a request over HTTP has. */
  patienceMs?: number;
}
