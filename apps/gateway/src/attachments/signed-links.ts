import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { isId, Mode, type OrganizationId } from '@postern/contracts';
import { CONFIG, forbidden } from '@postern/platform';

/** HTTP contract, "Attachment": a signed link ends after an hour. */
const LINK_SECONDS = 3600;
const KEY_BYTES = 32;
/** Binds a key that is made of another secret to this one use (RFC 5869 §3.2). */
const PURPOSE = 'postern signed links v1';

/** What a link opens: one attachment or mail of one tenant, whoever has the link. */
export interface LinkedTenant {
  organizationId: OrganizationId;
  mode: Mode;
}

/** When a link that is made now ends, in whole seconds since 1970. @param now  in milliseconds. */
export const endOfLink = (now = Date.now()): number => Math.floor(now / 1000) + LINK_SECONDS;

const keyOf = (secret: string): Buffer => Buffer.from(hkdfSync('sha256', secret, '', PURPOSE, KEY_BYTES));

/** One text for every reason, so that nobody learns how to do better. */
const refused = () => forbidden('Ask for the content again with a key: this link has ended, or is not one of ours.');

/** Makes and checks the token of a signed link: `<ends>.<mode>.<organization>.<HMAC-SHA256>`. */
@Injectable()
export class SignedLinks {
  private readonly key: Buffer;

  constructor(
    @Inject(CONFIG) config: { readonly GATEWAY_LINK_SECRET?: string | undefined; readonly POSTERN_ROOT_KEY: string },
  ) {
    this.key = keyOf(config.GATEWAY_LINK_SECRET ?? config.POSTERN_ROOT_KEY);
  }

  /** @param now  in milliseconds. */
  tokenFor(id: string, { organizationId, mode }: LinkedTenant, now = Date.now()): string {
    const claim = `${endOfLink(now)}.${mode}.${organizationId}`;
    return `${claim}.${this.sign(id, claim).toString('base64url')}`;
  }

  /** @throws AppError `forbidden` when the token is not ours, not for this one, or has ended. */
  check(id: string, token: string, now = Date.now()): LinkedTenant {
    const cut = token.lastIndexOf('.');
    const claim = token.slice(0, Math.max(cut, 0));
    const expected = this.sign(id, claim);
    const given = Buffer.from(token.slice(cut + 1), 'base64url');
    if (given.byteLength !== expected.byteLength || !timingSafeEqual(given, expected)) throw refused();
    const [ends, mode, organizationId] = claim.split('.');
    if (Number(ends) * 1000 <= now || organizationId === undefined || !isId('org', organizationId)) throw refused();
    return { organizationId: organizationId as unknown as OrganizationId, mode: Mode.parse(mode) };
  }

  private sign(id: string, claim: string): Buffer {
    return createHmac('sha256', this.key).update(`${id}.${claim}`).digest();
  }
}
