import { isIP } from 'node:net';
import { isLoopbackAddress, isPublicAddress } from './public-address.js';

/** Where targets may be: on the internet; on this machine, too; or anywhere. */
export const TARGET_REACHES = ['public', 'loopback', 'private'] as const;
export type TargetReach = (typeof TARGET_REACHES)[number];

/** Which targets webhooks may have. */
export interface TargetRules {
  /** `http:` besides `https:`. */
  plainHttp: boolean;
  reach: TargetReach;
  /** Null is any. */
  ports: ReadonlySet<number> | null;
}

/** Where a connection goes, as URLs and HTTP clients name it. */
export interface Door {
  /** With its colon. */
  protocol: string;
  /** Empty is the scheme's own. */
  port: string;
}

/** RFC 6761 §6.3: the machine itself. */
const OWN_NAME = /(^|\.)localhost$/;

/** Names that lead inside, by standard (RFC 6761, 6762, 8375) or by the custom of clusters, containers and offices. */
const INSIDE = /(^|\.)(localhost|local|localdomain|internal|intranet|lan|home|corp|private|svc|home\.arpa)$/;

/** Scheme, `//`, and a host before anything else. A backslash or a user name is how parsers are led astray. */
const PLAIN_SHAPE = /^(https?):\/\/[^\s/?#@\\]+([/?#][^\s\\]*)?$/i;

/** RFC 9110 §4.2. */
const OWN_PORTS = { 'https:': 443, 'http:': 80 } as const;

/** Whether an address may be connected to. Anything that is not an IP address may not. */
export function isWithin(address: string, reach: TargetReach): boolean {
  if (reach === 'private') return isIP(address) !== 0;
  return isPublicAddress(address) || (reach === 'loopback' && isLoopbackAddress(address));
}

/** The host of a URL as the network understands it: without the brackets of an IPv6 address. */
export const hostOf = (url: URL): string => url.hostname.replace(/^\[(.*)\]$/, '$1');

/**
 * What is wrong with a URL as a target, as far as the URL alone can tell; null when nothing is. The words follow the
 * field's name: `must …`. Port 0 is nowhere, public addresses may stand in place of a name, and a name must not end in a dot.
 */
export function targetProblem(text: string, rules: TargetRules): string | null {
  const [, scheme] = PLAIN_SHAPE.exec(text) ?? [];
  if (scheme === undefined || !URL.canParse(text)) {
    return 'must be a plain URL such as https://example.com/hook, without a user name or spaces';
  }
  const url = new URL(text);
  return doorProblem(url, rules) ?? hostProblem(hostOf(url), rules.reach);
}

/** The part of that which is about scheme and port. */
export function doorProblem({ protocol, port }: Door, { plainHttp, ports }: TargetRules): string | null {
  if (protocol !== 'https:' && !(protocol === 'http:' && plainHttp)) return 'must start with https://';
  if (port === '0') return 'must not have port 0';
  const number = port === '' ? OWN_PORTS[protocol] : Number(port);
  if (ports === null || ports.has(number)) return null;
  return `must have one of the ports ${[...ports].join(', ')}`;
}

function hostProblem(host: string, reach: TargetReach): string | null {
  if (reach === 'private') return null;
  if (isIP(host) !== 0) return isWithin(host, reach) ? null : 'must lead to a public address';
  if (reach === 'loopback' && OWN_NAME.test(host)) return null;
  if (host.endsWith('.')) return 'must have a host name without a dot at its end';
  return !host.includes('.') || INSIDE.test(host) ? 'must have a host name that is public' : null;
}
