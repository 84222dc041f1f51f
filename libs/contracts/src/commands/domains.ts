import { z } from 'zod';
import { defineCommand } from '../command.js';
import { CreateDomainBody, Domain, ListDomainsQuery } from '../http/domain.js';
import { pageOf } from '../http/page.js';
import { DomainId } from '../ids.js';

const one = z.object({ id: z.string() });

export const ListDomains = defineCommand('delivery.list_domains', ListDomainsQuery, pageOf(Domain));
export const CreateDomain = defineCommand(
  'delivery.create_domain',
  z.object({ name: z.string() }) satisfies z.ZodType<z.output<typeof CreateDomainBody>>,
  Domain,
  // Amazon SES and the DNS are asked meanwhile.
  { heavy: true },
);
export const GetDomain = defineCommand('delivery.get_domain', one, Domain);
export const VerifyDomain = defineCommand('delivery.verify_domain', one, Domain, { heavy: true });
export const GetDomainZoneFile = defineCommand('delivery.get_domain_zone_file', one, z.object({ text: z.string() }));
export const DeleteDomain = defineCommand('delivery.delete_domain', one, z.object({}), { heavy: true });

/**
 * Asks messaging to make no more inboxes in a domain that is about to be deleted. `released: false`: inboxes use it. Safe to
 * repeat. `version` is that of the domain; a fact with a higher one takes the release back.
 */
export const ReleaseDomain = defineCommand(
  'messaging.release_domain',
  z.object({ id: DomainId, name: z.string(), version: z.int() }),
  z.object({ released: z.boolean() }),
);
