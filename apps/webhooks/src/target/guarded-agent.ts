import type { LookupAddress } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import { Agent, buildConnector } from 'undici';
import type { TargetGuard } from './target-guard.js';

const CONNECT_TIMEOUT_MS = 10_000;
/** Node gives each address of a name 250 ms by default: less than a handshake across the world may take. */
const ADDRESS_TIMEOUT_MS = 2_500;
/** Below the 5 s after which Node's own servers close an idle connection, so that a request rarely meets a closing one. */
const IDLE_CONNECTION_MS = 4_000;

/**
 * An HTTP client whose every connection goes to an address that the guard has checked: the check and the connection use
 * the same answer of the name servers. No redirects, and no proxies of the environment.
 * @param timeoutMs  for the headers of an answer, and again between parts of its body.
 */
export function guardedAgent(guard: TargetGuard, timeoutMs: number): Agent {
  const connect = buildConnector({
    timeout: CONNECT_TIMEOUT_MS,
    allowH2: false,
    // Said here, so that NODE_TLS_REJECT_UNAUTHORIZED of the environment cannot take it away.
    rejectUnauthorized: true,
    autoSelectFamily: true,
    autoSelectFamilyAttemptTimeout: ADDRESS_TIMEOUT_MS,
    lookup: guardedLookup(guard),
  });
  return new Agent({
    // As many connections as there are calls: tenants whose endpoints share a host must not wait for each other.
    connections: null,
    pipelining: 1,
    headersTimeout: timeoutMs,
    bodyTimeout: timeoutMs,
    keepAliveTimeout: IDLE_CONNECTION_MS,
    connect: (options, callback) => {
      // An address is connected to without a look-up, so it is checked here.
      const host = options.hostname.replace(/^\[(.*)\]$/, '$1');
      const checked = async (): Promise<void> => {
        guard.checkDoor(options);
        if (isIP(host) !== 0) await guard.addressesOf(host);
      };
      checked().then(
        () => connect(options, callback),
        (error: Error) => callback(error, null),
      );
    },
  });
}

function guardedLookup(guard: TargetGuard): LookupFunction {
  return (host, options, callback) => {
    guard.addressesOf(host).then(
      (addresses) => {
        const found: LookupAddress[] = addresses.map((address) => ({ address, family: isIP(address) }));
        if (options.all === true) callback(null, found);
        else callback(null, found[0]?.address ?? '', found[0]?.family);
      },
      (error: NodeJS.ErrnoException) => callback(error, '', 0),
    );
  };
}
