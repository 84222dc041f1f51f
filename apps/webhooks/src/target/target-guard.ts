import { setTimeout as delay } from 'node:timers/promises';
import { isIP } from 'node:net';
import type { Resolve } from './resolve.js';
import { type Door, doorProblem, hostOf, isWithin, targetProblem, type TargetRules } from './target-url.js';

/** A connection that was not made, because the target has an address that is out of bounds: not public, as a rule. */
export class PrivateTarget extends Error {
  constructor() {
    super('the target has an address that is not public');
    this.name = 'PrivateTarget';
  }
}

/** A connection that was not made, because the rules for schemes and ports have changed since the registration. */
export class RefusedDoor extends Error {
  constructor() {
    super('the target has a scheme or port that is not allowed');
    this.name = 'RefusedDoor';
  }
}

/** Someone waits for the reply to a registration; a name that answers later is checked at each connection anyway. */
const REGISTRATION_LOOKUP_MS = 1_000;

/** The one guard of targets: the same at registration, for tests and for every connection. */
export class TargetGuard {
  constructor(
    private readonly rules: TargetRules,
    private readonly resolve: Resolve,
  ) {}

  /**
   * Checks a URL that is to be registered, and where its name leads now. A name that does not resolve (yet) is accepted.
   * @returns what is wrong, in words that follow the field's name, or null.
   */
  async problemOf(text: string): Promise<string | null> {
    const problem = targetProblem(text, this.rules);
    if (problem !== null || this.rules.reach === 'private') return problem;
    const host = hostOf(new URL(text));
    if (isIP(host) !== 0) return null;
    const addresses = await Promise.race([
      this.resolve(host).catch((): string[] => []),
      delay(REGISTRATION_LOOKUP_MS, [] as string[], { ref: false }),
    ]);
    return this.mayReach(addresses) ? null : 'must lead to public addresses only';
  }

  /** Scheme and port as they are about to be connected to. @throws RefusedDoor */
  checkDoor(door: Door): void {
    if (doorProblem(door, this.rules) !== null) throw new RefusedDoor();
  }

  /**
   * The addresses to connect to for a host, each of them checked. One that is not public spoils all, because
   * a public name has no reason to have such.
   * @param host  a name or an address.
   * @throws PrivateTarget; Error when the host has no address.
   */
  async addressesOf(host: string): Promise<string[]> {
    const addresses = isIP(host) === 0 ? await this.resolve(host) : [host];
    if (addresses.length === 0) throw Object.assign(new Error('the host has no address'), { code: 'ENOTFOUND' });
    if (!this.mayReach(addresses)) throw new PrivateTarget();
    return addresses;
  }

  private mayReach(addresses: readonly string[]): boolean {
    return addresses.every((address) => isWithin(address, this.rules.reach));
  }
}
