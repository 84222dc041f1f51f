import {
  DeleteIdentityCommand,
  GetIdentityDkimAttributesCommand,
  GetIdentityMailFromDomainAttributesCommand,
  GetIdentityVerificationAttributesCommand,
  type IdentityDkimAttributes,
  type IdentityVerificationAttributes,
  type SESClient,
  SetIdentityDkimEnabledCommand,
  SetIdentityMailFromDomainCommand,
  VerifyDomainDkimCommand,
  VerifyDomainIdentityCommand,
} from '@aws-sdk/client-ses';
import type { Identities, Identity, IdentityState } from './identities.js';

const MAIL_FROM_LABEL = 'bounce';

type Verification = Pick<IdentityVerificationAttributes, 'VerificationStatus' | 'VerificationToken'>;
type Dkim = Pick<IdentityDkimAttributes, 'DkimVerificationStatus' | 'DkimTokens'>;

/** Domains as identities of Amazon SES, by its API v1. What the account had before stays as it is. */
export class SesIdentities implements Identities {
  constructor(
    private readonly ses: Pick<SESClient, 'send'>,
    readonly region: string,
  ) {}

  async ensure(
    name: string,
    known: Identity | null,
    again: boolean,
  ): Promise<{ identity: Identity; state: IdentityState }> {
    const Identities = [name];
    const [verifications, dkims] = await Promise.all([
      this.ses.send(new GetIdentityVerificationAttributesCommand({ Identities })),
      this.ses.send(new GetIdentityDkimAttributesCommand({ Identities })),
    ]);
    const there = verifications.VerificationAttributes?.[name];
    const verification = await this.verification(name, there, again);
    const dkim = await this.dkim(name, dkims.DkimAttributes?.[name], again);
    const identity = {
      verificationToken: verification.VerificationToken ?? '',
      dkimTokens: dkim.DkimTokens ?? [],
      mailFromDomain: await this.mailFromDomain(name),
      wasThere: known?.wasThere ?? there !== undefined,
    };
    return { identity, state: stateOf(verification, dkim) };
  }

  async remove(name: string): Promise<void> {
    await this.ses.send(new DeleteIdentityCommand({ Identity: name }));
  }

  private async verification(name: string, seen: Verification | undefined, again: boolean): Promise<Verification> {
    const status = seen?.VerificationStatus;
    const begins = status === undefined || status === 'NotStarted' || (again && status === 'Failed');
    if (!begins && seen?.VerificationToken) return seen;
    const { VerificationToken } = await this.ses.send(new VerifyDomainIdentityCommand({ Domain: name }));
    // Of one that was verified by DKIM alone SES gives no token until it is asked for.
    return { VerificationToken, VerificationStatus: begins ? 'Pending' : status };
  }

  private async dkim(name: string, seen: IdentityDkimAttributes | undefined, again: boolean): Promise<Dkim> {
    const status = seen?.DkimVerificationStatus;
    const begins = status === undefined || status === 'NotStarted' || (again && status === 'Failed');
    if (begins || !seen?.DkimTokens?.length) {
      const { DkimTokens } = await this.ses.send(new VerifyDomainDkimCommand({ Domain: name }));
      return { DkimTokens, DkimVerificationStatus: 'Pending' };
    }
    if (status === 'Success' && seen.DkimEnabled === false) {
      await this.ses.send(new SetIdentityDkimEnabledCommand({ Identity: name, DkimEnabled: true }));
    }
    return seen;
  }

  /** One that the account has already is left. */
  private async mailFromDomain(name: string): Promise<string> {
    const { MailFromDomainAttributes } = await this.ses.send(
      new GetIdentityMailFromDomainAttributesCommand({ Identities: [name] }),
    );
    const set = MailFromDomainAttributes?.[name]?.MailFromDomain;
    if (set) return set;
    const MailFromDomain = `${MAIL_FROM_LABEL}.${name}`;
    // While its MX is not there SES uses its own domain, so that mail goes out all the same.
    await this.ses.send(
      new SetIdentityMailFromDomainCommand({ Identity: name, MailFromDomain, BehaviorOnMXFailure: 'UseDefaultValue' }),
    );
    return MailFromDomain;
  }
}

/** Mail goes out signed or not at all, so both must be there. */
function stateOf({ VerificationStatus }: Verification, { DkimVerificationStatus }: Dkim): IdentityState {
  const both = [VerificationStatus, DkimVerificationStatus];
  if (both.includes('Failed')) return 'failed';
  if (both.includes('TemporaryFailure')) return 'unknown';
  return both.every((status) => status === 'Success') ? 'verified' : 'pending';
}
