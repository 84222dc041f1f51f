import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { Inject, Injectable } from '@nestjs/common';
import { covers, type RouteDefinition } from '@postern/contracts';
import { CONFIG, forbidden, unauthorized } from '@postern/platform';
import { credentialOf } from './credential.js';
import { KeyRing } from './key-ring.js';
import type { Principal } from './principal.js';

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

/** Decides whether a request may go on: first who asks (401), then whether they may (403). */
@Injectable()
export class Gatekeeper {
  private readonly rootKeyDigest: Buffer;

  constructor(
    private readonly keyRing: KeyRing,
    @Inject(CONFIG) config: { readonly POSTERN_ROOT_KEY: string },
  ) {
    this.rootKeyDigest = digest(config.POSTERN_ROOT_KEY);
  }

  /**
   * @throws AppError `unauthorized`, one text for every reason; `forbidden` when the key is good for other routes;
   * `unavailable` when the key cannot be checked.
   */
  async admit(
    route: Pick<RouteDefinition, 'scope' | 'wholeOrganization'>,
    headers: IncomingHttpHeaders,
  ): Promise<Principal> {
    const credential = credentialOf(headers);
    if (credential === null) throw unauthorized();
    const needsRoot = route.scope === 'root';
    if (needsRoot && this.isRootKey(credential)) return { kind: 'root' };
    const principal = await this.keyRing.find(credential);
    if (principal === null) throw unauthorized();
    if (needsRoot) throw forbidden('Use the root key for organizations.');
    if (!covers(principal.scopes, route.scope)) {
      throw forbidden(`Use a key that has the scope ${route.scope}.`, { scope: route.scope });
    }
    if (route.wholeOrganization && principal.inboxIds !== null) {
      throw forbidden('Use a key that is not bound to inboxes: this call concerns the whole organization.');
    }
    return principal;
  }

  /** Compares digests, which are of one length, in constant time. */
  private isRootKey(credential: string): boolean {
    return timingSafeEqual(digest(credential), this.rootKeyDigest);
  }
}
