import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { Inject, Injectable } from '@nestjs/common';
import { covers, type RouteDefinition } from '@postern/contracts';
import { CONFIG, forbidden, unauthorized } from '@postern/platform';
import { credentialOf } from './credential.js';
import { KeyRing } from './key-ring.js';
import type { Principal } from './principal.js';

/** The scope of routes that take the root key only. */
const ROOT = 'root';

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

/** Decides whether a request may go on: who asks (401), and whether they may (403). */
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
   * Who asks.
   * @throws AppError `unauthorized`, one text for every reason; `unavailable` when the key cannot be checked.
   */
  async identify({ scope }: Pick<RouteDefinition, 'scope'>, headers: IncomingHttpHeaders): Promise<Principal> {
    const credential = credentialOf(headers);
    if (credential === null) throw unauthorized();
    if (scope === ROOT && this.isRootKey(credential)) return { kind: 'root' };
    const principal = await this.keyRing.find(credential);
    if (principal === null) throw unauthorized();
    return principal;
  }

  /**
   * Whether they may.
   * @param principal  as identified for this route.
   * @throws AppError `forbidden` when the key is good for other routes.
   */
  authorize({ scope, wholeOrganization }: Pick<RouteDefinition, 'scope' | 'wholeOrganization'>, principal: Principal) {
    if (principal.kind !== 'key') return;
    if (scope === ROOT) throw forbidden('Use the root key for organizations.');
    if (!covers(principal.scopes, scope)) throw forbidden(`Use a key that has the scope ${scope}.`, { scope });
    if (wholeOrganization && principal.inboxIds !== null) {
      throw forbidden('Use a key that is not bound to inboxes: this call concerns the whole organization.');
    }
  }

  /** Compares digests, which are of one length, in constant time. */
  private isRootKey(credential: string): boolean {
    return timingSafeEqual(digest(credential), this.rootKeyDigest);
  }
}
