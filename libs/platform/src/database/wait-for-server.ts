import { setTimeout as delay } from 'node:timers/promises';
import { type Client, DatabaseError } from 'pg';
import { unavailable } from '../errors/factories.js';
import { maskAddresses } from '../logging/mask-address.js';

const CONNECT_WITHIN_MS = 15_000;
const CONNECT_RETRY_MS = 200;

/** SQLSTATEs that pass by themselves: server starting, too many connections. */
const PASSING_STATES = new Set(['57P03', '53300']);

/**
 * Tries until a server answers that is not there yet or still starting.
 * @param attempt  opens something; called again after a failure.
 * @throws AppError `unavailable` when the time is over; Error with the server's words when it says no.
 */
export async function untilServerAnswers<T>(attempt: () => Promise<T>, withinMs = CONNECT_WITHIN_MS): Promise<T> {
  const deadline = performance.now() + withinMs;
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (!mayPass(error)) throw error;
      if (performance.now() > deadline) {
        throw unavailable('The database does not answer; check DATABASE_URL and that PostgreSQL runs.', {
          cause: error,
        });
      }
      await delay(CONNECT_RETRY_MS);
    }
  }
}

/** A connected client. `make` is called anew for each try, because a pg Client connects once only. */
export const waitForServer = (make: () => Client): Promise<Client> =>
  untilServerAnswers(async () => {
    const client = make();
    try {
      await client.connect();
      return client;
    } catch (error) {
      await client.end().catch(() => undefined);
      throw error;
    }
  });

function mayPass(error: unknown): boolean {
  if (error instanceof DatabaseError) return PASSING_STATES.has(error.code ?? '');
  // Errors of the network carry the system call; pg's own words for a connection that ends during its start carry nothing.
  return error instanceof Error && ('syscall' in error || error.message.startsWith('Connection terminated'));
}

/** The server's refusal (unknown role, wrong password, no such database) as a sentence for the operator. */
export function refusal(error: unknown): unknown {
  if (!(error instanceof DatabaseError)) return error;
  return new Error(`The database refused: ${maskAddresses(error.message)}; check DATABASE_URL.`, { cause: error });
}
