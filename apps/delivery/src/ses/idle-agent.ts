import { Agent as HttpAgent, type AgentOptions, type ClientRequest } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';

/**
 * A kept connection is given up after this long without a call. It must be shorter than any patience of the other side
 * (load balancers of AWS wait 60 s, a Node server 5 s): a server that closes a connection just as a call goes out leaves a
 * reset that looks like a lost answer, and a message in doubt.
 */
const IDLE_MS = 2_000;

// `keepSocketAlive` answers whether the connection may be kept; Node's types do not say so.
const options = (maxSockets: number): AgentOptions => ({ keepAlive: true, maxSockets, scheduling: 'lifo' });

class IdleHttpAgent extends HttpAgent {
  override keepSocketAlive(socket: Duplex): void {
    const keeps = super.keepSocketAlive(socket);
    (socket as Socket).setTimeout(IDLE_MS);
    return keeps;
  }
  override reuseSocket(socket: Duplex, request: ClientRequest): void {
    super.reuseSocket(socket, request);
    (socket as Socket).setTimeout(0);
  }
}

class IdleHttpsAgent extends HttpsAgent {
  override keepSocketAlive(socket: Duplex): void {
    const keeps = super.keepSocketAlive(socket);
    (socket as Socket).setTimeout(IDLE_MS);
    return keeps;
  }
  override reuseSocket(socket: Duplex, request: ClientRequest): void {
    super.reuseSocket(socket, request);
    (socket as Socket).setTimeout(0);
  }
}

/** Agents that keep connections, but not for long. Node closes a free connection whose time-out fires. */
export const idleAgents = (maxSockets: number) => ({
  httpAgent: new IdleHttpAgent(options(maxSockets)),
  httpsAgent: new IdleHttpsAgent(options(maxSockets)),
});
