import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';
import { StartError } from '../start-error.js';
import type { DataDir } from './data-dir.js';
import { entriesOf, readJsonFile, writeJsonFile } from './json-file.js';

/** Everything local listens here only. */
export const LOOPBACK = '127.0.0.1';

/**
 * Where free ports are looked for: above the well-known ones, and below 32768, where Linux takes the ports of outgoing
 * connections from (ip(7), ip_local_port_range), so that none of those takes a port while its server restarts.
 */
const FIRST_PORT = 20_000;
const END_PORT = 32_768;
const MAX_TRIES = 200;

/** Ports by name, chosen once and remembered in the data directory, so that a second start has the same addresses. */
export class PortBook {
  readonly #path: string;
  readonly #remembered: Record<string, number>;
  readonly #taken = new Set<number>();

  constructor(dataDir: DataDir) {
    this.#path = dataDir.path('ports.json');
    this.#remembered = entriesOf(readJsonFile(this.#path), (value) => typeof value === 'number');
  }

  /** A free port for this name: the remembered one, or a new one when that is taken. */
  async claim(name: string): Promise<number> {
    const known = this.#remembered[name];
    if (known !== undefined && (await this.#take(known))) return known;
    for (let tries = 0; tries < MAX_TRIES; tries += 1) {
      const port = randomInt(FIRST_PORT, END_PORT);
      if (!(await this.#take(port))) continue;
      this.#remembered[name] = port;
      writeJsonFile(this.#path, this.#remembered);
      return port;
    }
    throw new StartError(
      `No free port was found between ${FIRST_PORT} and ${END_PORT}: too many programs listen on this machine.`,
    );
  }

  /**
   * The port that a person asked for.
   * @throws StartError when another program has it.
   */
  async claimExactly(port: number): Promise<number> {
    if (await this.#take(port)) return port;
    throw new StartError(`Port ${port} is taken by another program: stop that, or choose another with --port N.`);
  }

  async #take(port: number): Promise<boolean> {
    if (this.#taken.has(port)) return false;
    // Two claims may run at once: the name goes into the book before the first wait.
    this.#taken.add(port);
    if (await canListen(port)) return true;
    this.#taken.delete(port);
    return false;
  }
}

function canListen(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ port, host: LOOPBACK, exclusive: true }, () => server.close(() => resolve(true)));
  });
}
