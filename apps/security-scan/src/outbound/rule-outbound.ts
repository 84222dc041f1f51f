import { Injectable } from '@nestjs/common';
import type { PolicyHit, RefusedRecipient, Security, Tenant } from '@postern/contracts';
import { Database, type Tx } from '@postern/platform';
import { withoutRefused } from '../lists/apply-lists.js';
import { ListGuard, type Outgoing } from '../lists/list-guard.js';
import type { PolicyRuling } from '../policies/policy.js';
import { PolicyDesk } from '../policies/policy-desk.js';
import { withPolicies } from '../policies/policy-security.js';
import { decideOutbound, type OutboundOutcome } from './decide-outbound.js';
import { recipientsOf, type Decided, type Judged, type Judgement, type OutboundRules } from './outbound-message.js';

interface Ruled {
  outcome: OutboundOutcome;
  security: Security;
  refused: RefusedRecipient[];
}

/** Says what becomes of judged messages: by their inboxes' rules, lists and policies. */
@Injectable()
export class RuleOutbound {
  constructor(
    private readonly lists: ListGuard,
    private readonly policies: PolicyDesk,
    private readonly database: Database,
  ) {}

  /** In the transaction of the verdicts: what was on a list before it began is obeyed, however long the message had waited. */
  async decide(tx: Tx, judged: readonly Judged[]): Promise<Decided[]> {
    const refused = await this.lists.refused(
      tx,
      judged.map(({ fact }) => outgoing(fact, fact.data)),
    );
    const asked = judged.map((one, n) => ({
      organizationId: one.fact.organizationId,
      mode: one.fact.mode,
      inboxId: one.fact.data.message.inbox_id,
      messageId: one.fact.data.dispatch.messageId,
      version: one.fact.data.dispatch.version,
      policies: one.policies,
      findings: one.findings,
      one,
      refused: refused[n] ?? [],
    }));
    return this.policies.rule(tx, asked, (message, ruling) => {
      const ruled = ruledOn(message.one.fact.data, message.one, ruling, message.refused);
      return { ...message.one, ...ruled, goesOn: ruled.outcome.kind === 'passed' || ruled.outcome.kind === 'held' };
    });
  }

  /** As things stand now, for a message that nobody has accepted. */
  async preview(
    tenant: Tenant,
    about: OutboundRules,
    { verdict, policies, findings }: Judgement,
  ): Promise<Ruled & { hits: PolicyHit[] }> {
    const [refused = []] = await this.lists.refused(this.database, [outgoing(tenant, about)]);
    const kept = { hits: findings.hits, redacts: false };
    const { organizationId, mode } = tenant;
    const ruling = await this.policies.ruleAsOfNow({
      organizationId,
      mode,
      inboxId: about.message.inbox_id,
      policies,
      findings: kept,
    });
    return { ...ruledOn(about, { verdict }, ruling, refused), hits: ruling.hits };
  }
}

function ruledOn(
  about: OutboundRules,
  { verdict }: Pick<Judged, 'verdict'>,
  ruling: PolicyRuling,
  refused: RefusedRecipient[],
): Ruled {
  const ruled = {
    outcome: decideOutbound(about, verdict, ruling),
    security: withPolicies(verdict.security, ruling),
  };
  return withoutRefused(ruled, recipientsOf(about).length, refused);
}

const outgoing = ({ organizationId, mode }: Tenant, about: OutboundRules): Outgoing => ({
  organizationId,
  mode,
  inboxId: about.message.inbox_id,
  recipients: recipientsOf(about),
  answers: about.answers ?? null,
});
