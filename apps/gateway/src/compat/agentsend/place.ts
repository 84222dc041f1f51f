import { Problem } from '../problem.js';

/** Where a new inbox shall be, in words of `/v1`; what is absent is chosen there. */
export interface Place {
  slug?: string;
  domain?: string;
}

/**
 * @param address  a local part, or a whole address.
 * @param domain  of the `domainId` that was given.
 * @throws Problem `validation_error` when the two disagree.
 */
export function placeOf(address: string | undefined, domain: string | undefined): Place {
  const ofDomain = domain === undefined ? {} : { domain };
  if (address === undefined) return ofDomain;
  const at = address.lastIndexOf('@');
  if (at === -1) return { slug: address, ...ofDomain };
  const own = address.slice(at + 1);
  if (domain !== undefined && own.toLowerCase() !== domain) {
    throw new Problem(422, 'validation_error', 'Name an address of the domain.', {
      issues: [{ path: 'address', message: `must end with @${domain}, the domain that domainId names` }],
    });
  }
  return { slug: address.slice(0, at), domain: own };
}
