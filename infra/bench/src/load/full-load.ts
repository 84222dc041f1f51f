import autocannon from 'autocannon';
import { type Gateway, type Inbox, messagesPath } from '../postern/gateway.js';
import { smallMessage } from './small-message.js';

export interface LoadOptions {
  readonly connections: number;
  /** How long, or how many in all. */
  readonly until: { readonly seconds: number } | { readonly requests: number };
}

export interface LoadResult {
  readonly seconds: number;
  /** Ids of the messages that were answered with 202. */
  readonly accepted: ReadonlySet<string>;
  /** Milliseconds from request to 202. */
  readonly latencies: readonly number[];
  readonly otherAnswers: number;
  /** Connections that broke and requests that were never answered while the load ran. */
  readonly errors: number;
}

const ACCEPTED = 202;
/** The id leads the reply; parsing whole replies would cost the machine more than it tells. */
const ID = /"id":"(msg_[0-9a-z]{26})"/;

/** Sends small messages as fast as they are answered. Requests under way at the end are cut off: accepted or not, unknown. */
export async function fullLoad(gateway: Gateway, inbox: Inbox, options: LoadOptions): Promise<LoadResult> {
  const accepted = new Set<string>();
  const latencies: number[] = [];
  const result = await cannonade(
    {
      url: gateway.url,
      connections: options.connections,
      ...('seconds' in options.until ? { duration: options.until.seconds } : { amount: options.until.requests }),
      method: 'POST',
      headers: gateway.headers,
      requests: [
        {
          path: messagesPath(inbox),
          setupRequest: (request) => ({ ...request, body: JSON.stringify(smallMessage()) }),
          onResponse: (status, body) => {
            const id = status === ACCEPTED ? ID.exec(body)?.[1] : undefined;
            if (id !== undefined) accepted.add(id);
          },
        },
      ],
    },
    (status, milliseconds) => {
      if (status === ACCEPTED) latencies.push(milliseconds);
    },
  );
  return {
    seconds: result.duration,
    accepted,
    latencies,
    otherAnswers: result.requests.total - latencies.length,
    errors: result.errors,
  };
}

/** @param answered  called for each answer with its status and the milliseconds since its request. */
function cannonade(
  options: autocannon.Options,
  answered: (status: number, milliseconds: number) => void,
): Promise<autocannon.Result> {
  return new Promise((resolve, reject) => {
    autocannon(options, (error: Error | null, result) => (error ? reject(error) : resolve(result))).on(
      'response',
      (_client, status, _bytes, milliseconds) => answered(status, milliseconds),
    );
  });
}
