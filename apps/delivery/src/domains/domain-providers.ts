import { SESClient } from '@aws-sdk/client-ses';
import { CommandClient, Idempotent } from '@postern/eventing';
import { Database, LOGGER, type Logger } from '@postern/platform';
import { type DeliveryConfig, sesRegion } from '../delivery.settings.js';
import { DomainNameStore } from '../store/domain-names.js';
import { DomainStore } from '../store/domains.js';
import { DnsLookup } from './dns-lookup.js';
import { DomainChecks } from './domain-checks.js';
import { DomainFacts } from './domain-facts.js';
import { DomainKeeper } from './domain-keeper.js';
import { DomainPlaces } from './domain-places.js';
import { type Identities, IDENTITIES } from './identities.js';
import { ManageDomains } from './manage-domains.js';
import { SesIdentities } from './ses-identities.js';

/** What the domains of tenants need, beside their commands. */
export const domainProviders = (config: DeliveryConfig) => [
  DomainFacts,
  DomainNameStore,
  DomainStore,
  identitiesProvider(config),
  { provide: DnsLookup, useFactory: () => new DnsLookup(config.DELIVERY_DNS_SERVERS) },
  {
    provide: DomainPlaces,
    inject: [IDENTITIES],
    useFactory: (identities: Identities | null) => new DomainPlaces(identities, inboundHostOf(config)),
  },
  {
    provide: DomainChecks,
    inject: [Database, DomainStore, DomainNameStore, DomainPlaces, DnsLookup, DomainFacts, LOGGER],
    useFactory: (
      database: Database,
      store: DomainStore,
      names: DomainNameStore,
      places: DomainPlaces,
      dns: DnsLookup,
      facts: DomainFacts,
      logger: Logger,
    ) => new DomainChecks({ database, store, names, places, dns, facts, logger }),
  },
  {
    provide: DomainKeeper,
    inject: [DomainStore, DomainNameStore, DomainChecks, IDENTITIES, LOGGER],
    useFactory: (
      store: DomainStore,
      names: DomainNameStore,
      checks: DomainChecks,
      identities: Identities | null,
      logger: Logger,
    ) => new DomainKeeper({ store, names, checks, identities, logger }),
  },
  manageProvider(config),
];

const identitiesProvider = (config: DeliveryConfig) =>
  config.DELIVERY_PROVIDER === 'ses'
    ? {
        provide: IDENTITIES,
        inject: [SESClient],
        useFactory: (ses: SESClient) => new SesIdentities(ses, sesRegion(config)),
      }
    : { provide: IDENTITIES, useValue: null };

/** Without one that was set: SES's own where SES sends, else this instance's SMTP. SES developer guide, "Receiving email". */
function inboundHostOf(config: DeliveryConfig): string {
  if (config.DELIVERY_INBOUND_HOST !== undefined) return config.DELIVERY_INBOUND_HOST;
  return config.DELIVERY_PROVIDER === 'ses' ? `inbound-smtp.${sesRegion(config)}.amazonaws.com` : config.POSTERN_DOMAIN;
}

const manageProvider = (config: DeliveryConfig) => ({
  provide: ManageDomains,
  inject: [
    Database,
    DomainStore,
    DomainNameStore,
    DomainPlaces,
    DomainChecks,
    DomainFacts,
    Idempotent,
    CommandClient,
    LOGGER,
  ],
  useFactory: (
    database: Database,
    store: DomainStore,
    names: DomainNameStore,
    places: DomainPlaces,
    checks: DomainChecks,
    facts: DomainFacts,
    idempotent: Idempotent,
    commands: CommandClient,
    logger: Logger,
  ) => {
    const ownDomain = config.POSTERN_DOMAIN;
    return new ManageDomains({
      database,
      store,
      names,
      places,
      checks,
      facts,
      idempotent,
      commands,
      logger,
      ownDomain,
    });
  },
});
