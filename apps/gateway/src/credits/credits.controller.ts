import { Controller, Inject } from '@nestjs/common';
import {
  type CreditEntry,
  type Credits,
  GetCreditsRoute,
  ListCreditEntriesRoute,
  type Page,
  type RouteInput,
} from '@postern/contracts';
import { type Answer, fresh } from '../edge/answer.js';
import type { Caller } from '../edge/caller.js';
import { Asks, Input } from '../edge/parameters.decorator.js';
import { Route } from '../edge/route.decorator.js';
import { CreditLedgerStore } from '../store/credit-ledger.store.js';
import { CREDIT_CLOCK, type CreditClock } from './clock.js';
import { CreditDesk } from './credit-desk.js';
import { pageOfLedger, readLedgerCursor } from './ledger-page.js';
import { boundsOf, periodAt } from './period.js';

@Controller()
export class CreditsController {
  constructor(
    private readonly desk: CreditDesk,
    private readonly ledger: CreditLedgerStore,
    @Inject(CREDIT_CLOCK) private readonly clock: CreditClock,
  ) {}

  @Route(GetCreditsRoute)
  async get(@Asks() { context, creditsPerMonth }: Caller): Promise<Answer<Credits>> {
    const { start, end } = boundsOf(periodAt(new Date(this.clock.now())));
    const period = { period_start: start.toISOString(), period_end: end.toISOString() };
    const plan = (limit: number | null) => (limit === null ? 'unlimited' : 'limited');
    if (context.mode === 'test') {
      const limit = creditsPerMonth;
      return fresh({ plan: plan(limit), limit, used: 0, remaining: limit, ...period });
    }
    const { standing, used, remaining } = await this.desk.showNow(context.organizationId);
    const limit = standing?.limit ?? null;
    return fresh({ plan: plan(limit), limit, used, remaining, ...period });
  }

  @Route(ListCreditEntriesRoute)
  async list(
    @Asks() { context }: Caller,
    @Input() { query }: RouteInput<typeof ListCreditEntriesRoute>,
  ): Promise<Answer<Page<CreditEntry>>> {
    const rows = await this.ledger.list(context, {
      before: readLedgerCursor(query.cursor),
      reason: query.reason ?? null,
      count: query.limit + 1,
    });
    return fresh(pageOfLedger(rows, query.limit));
  }
}
