import { createServer } from 'node:http';
import type { RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Listening {
  readonly port: number;
  /** Takes requests from here on; those before wait. */
  serve(listener: RequestListener): void;
  /** Ends every connection, also those in the middle of a request. */
  stop(): Promise<void>;
}

// Longer than any client here keeps an idle connection, so that the client ends it: an end by the server races with the
// client's next call, which would look like a reset, and a reset makes a send doubtful.
const KEEP_ALIVE_MS = 10 * 60_000;

/** @throws an Error with code `EADDRINUSE` and the like when the port cannot be had. */
export const listen = async (host: string, port: number): Promise<Listening> => {
  const server = createServer({ keepAliveTimeout: KEEP_ALIVE_MS, requestTimeout: KEEP_ALIVE_MS });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
  return {
    port: (server.address() as AddressInfo).port,
    serve: (listener) => void server.on('request', listener),
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
};
