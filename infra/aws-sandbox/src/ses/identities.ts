import { createHash } from 'node:crypto';
import { AwsError } from '../http/aws-error.js';
import { nameKey, recordsAt } from '../dns/zone.js';
import type { QueryAction } from '../http/query-protocol.js';
import type { SandboxState, StateStore } from '../state/state.js';
import { domainOf } from './address.js';

/** A domain or an address that mail may be sent from, once verified. */
export interface Identity {
  readonly identity: string;
  verified: boolean;
  dkimAsked: boolean;
  mailFrom?: { readonly domain: string; readonly onMxFailure: string };
}

const DOMAIN = /^(?=.{1,253}$)[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)+$/;
const DKIM_TOKENS = 3;

const tokenOf = (purpose: string, identity: string, length: number): string =>
  BigInt(`0x${createHash('sha256').update(`${purpose} ${identity}`).digest('hex')}`)
    .toString(36)
    .slice(0, length);

const dkimTokens = (identity: string): string[] =>
  Array.from({ length: DKIM_TOKENS }, (_, n) => tokenOf(`dkim ${n}`, identity, 32));

const verificationToken = (identity: string): string =>
  createHash('sha256').update(`verification ${identity}`).digest('base64');

/**
 * Whether mail may be sent from an address: it, its domain or a parent of that is verified.
 * Source: SES developer guide, "Verified identities": a domain covers its subdomains.
 */
export const maySendFrom = (state: SandboxState, address: string): boolean => {
  if (state.identities[address.toLowerCase()]?.verified) return true;
  const labels = domainOf(address).split('.');
  return labels.some((_, index) => state.identities[labels.slice(index).join('.')]?.verified === true);
};

/** Adds an identity, or sets whether it counts as verified: here it plays the part of the DNS. */
export const setVerified = (state: SandboxState, identity: string, verified: boolean): void => {
  const name = identity.toLowerCase();
  const known = state.identities[name];
  if (known) known.verified = verified;
  else state.identities[name] = { identity: name, verified, dkimAsked: false };
};

const isPublished = (state: SandboxState, { identity }: Identity): boolean =>
  recordsAt(state.dns, `_amazonses.${identity}`, 'TXT').some(({ value }) => value === verificationToken(identity)) &&
  dkimTokens(identity).every((token) =>
    recordsAt(state.dns, `${token}._domainkey.${identity}`, 'CNAME').some(
      ({ value }) => nameKey(value) === `${token}.dkim.amazonses.com`,
    ),
  );

/** Looks at the DNS as SES does: identities whose records are there become verified, and stay so. */
export const settleIdentities = (state: SandboxState): void => {
  for (const identity of Object.values(state.identities)) identity.verified ||= isPublished(state, identity);
};

/** The SES operations on identities, by name. Every change is on disk before its answer. */
export const identityActions = ({ state, save }: StateStore): Record<string, QueryAction> => {
  const add = async (name: string): Promise<Identity> => {
    const identity = (state.identities[name] ??= { identity: name, verified: false, dkimAsked: false });
    settleIdentities(state);
    await save();
    return identity;
  };
  const domain = (text: string): string => {
    const name = text.toLowerCase();
    if (!DOMAIN.test(name)) throw new AwsError('InvalidParameterValue', `Invalid domain name ${text}.`);
    return name;
  };
  const status = (verified: boolean): string => (verified ? 'Success' : 'Pending');
  const known = (names: string[]): Identity[] => names.flatMap((name) => state.identities[name.toLowerCase()] ?? []);

  return {
    async VerifyDomainIdentity(params) {
      const { identity } = await add(domain(params.need('Domain')));
      return { VerificationToken: verificationToken(identity) };
    },

    async VerifyDomainDkim(params) {
      const identity = await add(domain(params.need('Domain')));
      identity.dkimAsked = true;
      await save();
      return { DkimTokens: dkimTokens(identity.identity) };
    },

    SetIdentityDkimEnabled: (params) => {
      params.need('Identity');
      return {};
    },

    async VerifyEmailIdentity(params) {
      await add(params.need('EmailAddress').toLowerCase());
      return {};
    },

    GetIdentityVerificationAttributes: (params) => ({
      VerificationAttributes: new Map(
        known(params.list('Identities')).map(({ identity, verified }) => [
          identity,
          {
            VerificationStatus: status(verified),
            VerificationToken: identity.includes('@') ? undefined : verificationToken(identity),
          },
        ]),
      ),
    }),

    GetIdentityDkimAttributes: (params) => ({
      DkimAttributes: new Map(
        known(params.list('Identities')).map(({ identity, verified, dkimAsked }) => [
          identity,
          {
            DkimEnabled: dkimAsked && verified,
            DkimVerificationStatus: dkimAsked ? status(verified) : 'NotStarted',
            DkimTokens: dkimAsked ? dkimTokens(identity) : [],
          },
        ]),
      ),
    }),

    async SetIdentityMailFromDomain(params) {
      const name = params.need('Identity').toLowerCase();
      const identity = state.identities[name];
      if (!identity) throw new AwsError('InvalidParameterValue', `Identity ${name} does not exist.`);
      const mailFromDomain = params.get('MailFromDomain');
      if (mailFromDomain === undefined) delete identity.mailFrom;
      else {
        const onMxFailure = params.get('BehaviorOnMXFailure') ?? 'UseDefaultValue';
        identity.mailFrom = { domain: domain(mailFromDomain), onMxFailure };
      }
      await save();
      return {};
    },

    GetIdentityMailFromDomainAttributes: (params) => ({
      MailFromDomainAttributes: new Map(
        known(params.list('Identities')).map(({ identity, verified, mailFrom }) => [
          identity,
          {
            MailFromDomain: mailFrom?.domain ?? '',
            MailFromDomainStatus: mailFrom ? status(verified) : '',
            BehaviorOnMXFailure: mailFrom?.onMxFailure ?? 'UseDefaultValue',
          },
        ]),
      ),
    }),

    ListIdentities(params) {
      const type = params.get('IdentityType');
      const names = Object.keys(state.identities).filter(
        (name) => type === undefined || name.includes('@') === (type === 'EmailAddress'),
      );
      return { Identities: names };
    },

    async DeleteIdentity(params) {
      delete state.identities[params.need('Identity').toLowerCase()];
      await save();
      return {};
    },
  };
};
