import type { DomainRecord, Mode } from '@postern/contracts';
import type { StoredDomain } from '../store/domains.js';
import type { Identities, Identity } from './identities.js';
import { wantedRecords, type WantedRecord } from './wanted-records.js';

/** Who sends and who receives for the domains of this instance. */
export class DomainPlaces {
  /**
   * @param identities  null where another than SES sends.
   * @param inboundHost  takes mail for the domains.
   */
  constructor(
    private readonly identities: Identities | null,
    private readonly inboundHost: string,
  ) {}

  /** Test mode never reaches SES: null. */
  identitiesFor(mode: Mode): Identities | null {
    return mode === 'live' ? this.identities : null;
  }

  wanted(
    { name, token, mode }: Pick<StoredDomain, 'name' | 'token' | 'mode'>,
    identity: Identity | null,
  ): WantedRecord[] {
    const region = this.identitiesFor(mode)?.region ?? null;
    return wantedRecords({ name, token, identity, inboundHost: this.inboundHost, region });
  }
}

/** The records with what is known of them from before. */
export const withStatus = (wanted: readonly WantedRecord[], known: readonly DomainRecord[]): DomainRecord[] =>
  wanted.map((record) => ({ ...record, status: known.find((one) => isSame(one, record))?.status ?? 'missing' }));

const isSame = (one: WantedRecord, other: WantedRecord): boolean =>
  one.purpose === other.purpose && one.name === other.name && one.value === other.value;
