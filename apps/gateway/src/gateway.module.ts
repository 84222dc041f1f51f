import { type DynamicModule, Module } from '@nestjs/common';
import { APP_INTERCEPTOR } from '@nestjs/core';
import { EventingModule } from '@postern/eventing';
import { Database, DatabaseModule, HealthController, type SettingValues } from '@postern/platform';
import { ApiKeysController } from './api-keys/api-keys.controller.js';
import { CreateApiKey } from './api-keys/create-api-key.js';
import { RevokeApiKey } from './api-keys/revoke-api-key.js';
import { ApprovalsController } from './approvals/approvals.controller.js';
import { AttachmentsController } from './attachments/attachments.controller.js';
import { SignedLinks } from './attachments/signed-links.js';
import { UploadAttachment } from './attachments/upload-attachment.js';
import { AuditModule } from './audit/audit.module.js';
import { Gatekeeper } from './auth/gatekeeper.js';
import { KeyRing } from './auth/key-ring.js';
import { LastUse } from './auth/last-use.js';
import { Revocations } from './auth/revocations.js';
import { DecideMany } from './approvals/decide-many.js';
import { BatchController } from './batch/batch.controller.js';
import { BatchItems } from './batch/batch-items.js';
import { SendBatch } from './batch/send-batch.js';
import { Fronts } from './compat/fronts.js';
import { HOUR_SECONDS, HourlyLimits } from './compat/hourly-limits.js';
import { ChargedSend } from './credits/charged-send.js';
import { CREDIT_CLOCK, type CreditClock } from './credits/clock.js';
import { CreditDesk } from './credits/credit-desk.js';
import { CreditRounds } from './credits/credit-rounds.js';
import { CreditsController } from './credits/credits.controller.js';
import { CreditsHeader } from './credits/credits-header.js';
import { Recall } from './credits/recall.js';
import { Reconcile } from './credits/reconcile.js';
import { SettleCreditsController } from './credits/settle-credits.controller.js';
import { DocsController } from './docs-page/docs.controller.js';
import { DomainsController } from './domains/domains.controller.js';
import { DraftsController } from './drafts/drafts.controller.js';
import { Drain } from './edge/drain.js';
import { RequestHooks } from './edge/request-hooks.js';
import { RouteInterceptor } from './edge/route.interceptor.js';
import { Subjects } from './edge/subjects.js';
import { EventStreams } from './events/event-streams.js';
import { EventsController } from './events/events.controller.js';
import { LogReader } from './events/log-reader.js';
import { LogSignals } from './events/log-signals.js';
import type { gatewaySettings } from './gateway.settings.js';
import { InboxesController } from './inboxes/inboxes.controller.js';
import { ListsController } from './lists/lists.controller.js';
import { MessageChangesController } from './messages/message-changes.controller.js';
import { AnswersController } from './messages/answers.controller.js';
import { MessagesController } from './messages/messages.controller.js';
import { SendController } from './messages/send.controller.js';
import { MetricsController } from './metrics/metrics.controller.js';
import { OpenApiController } from './openapi/openapi.controller.js';
import { CreateOrganization } from './organizations/create-organization.js';
import { OrganizationsController } from './organizations/organizations.controller.js';
import { ReputationController } from './organizations/reputation.controller.js';
import { UpdateOrganization } from './organizations/update-organization.js';
import { PoliciesController } from './policies/policies.controller.js';
import { PreviewController } from './preview/preview.controller.js';
import { RateHousekeeping } from './rate/rate-housekeeping.js';
import { RateLimiter } from './rate/rate-limiter.js';
import { RequestRate } from './rate/request-rate.js';
import { RemovalsController } from './remove/removals.controller.js';
import { ScanController } from './scan/scan.controller.js';
import { ApiKeysStore } from './store/api-keys.store.js';
import { CreditAccountsStore } from './store/credit-accounts.store.js';
import { CreditLedgerStore } from './store/credit-ledger.store.js';
import { migrations, SCHEMA } from './store/migrations/index.js';
import { OrganizationsStore } from './store/organizations.store.js';
import { RateWindowsStore } from './store/rate-windows.store.js';
import { SuppressionsController } from './suppressions/suppressions.controller.js';
import { ThreadsController } from './threads/threads.controller.js';
import { MailWait } from './wait/mail-wait.js';
import { AskTimeline } from './timeline/ask-timeline.js';
import { TimelineController } from './timeline/timeline.controller.js';
import { MessageFacts } from './wait/message-facts.js';
import { MessageWaits } from './wait/message-waits.js';
import { ScanWait } from './wait/scan-wait.js';
import { WebhookDeliveriesController } from './webhooks/webhook-deliveries.controller.js';
import { WebhooksController } from './webhooks/webhooks.controller.js';

/** Limits are told in requests per minute. */
const RATE_WINDOW_SECONDS = 60;

const limiterOf = (windows: RateWindowsStore): RateLimiter =>
  new RateLimiter({ lease: (subject, request) => windows.lease(subject, request) });

/** The gateway's composition root. */
@Module({})
export class GatewayModule {
  static forRoot(config: SettingValues<typeof gatewaySettings>, creditClock: CreditClock): DynamicModule {
    return {
      module: GatewayModule,
      imports: [
        DatabaseModule.forRoot({ schema: SCHEMA, migrations }),
        EventingModule.forRoot('gateway', config, { patienceMs: config.GATEWAY_PATIENCE_MS }),
        AuditModule,
      ],
      controllers: [
        ApiKeysController,
        ApprovalsController,
        AttachmentsController,
        BatchController,
        CreditsController,
        DocsController,
        DomainsController,
        DraftsController,
        EventsController,
        HealthController,
        InboxesController,
        MessageChangesController,
        AnswersController,
        MessagesController,
        MetricsController,
        OpenApiController,
        OrganizationsController,
        ReputationController,
        PoliciesController,
        PreviewController,
        RemovalsController,
        ScanController,
        SendController,
        SettleCreditsController,
        ListsController,
        SuppressionsController,
        ThreadsController,
        TimelineController,
        WebhookDeliveriesController,
        WebhooksController,
      ],
      providers: [
        { provide: APP_INTERCEPTOR, useClass: RouteInterceptor },
        ApiKeysStore,
        AskTimeline,
        ChargedSend,
        CreateApiKey,
        CreateOrganization,
        { provide: CREDIT_CLOCK, useValue: creditClock },
        CreditAccountsStore,
        CreditDesk,
        CreditLedgerStore,
        CreditRounds,
        CreditsHeader,
        Drain,
        EventStreams,
        Fronts,
        Gatekeeper,
        {
          provide: HourlyLimits,
          useFactory: (database: Database) =>
            new HourlyLimits(limiterOf(new RateWindowsStore(database, HOUR_SECONDS)), config),
          inject: [Database],
        },
        KeyRing,
        LastUse,
        LogReader,
        LogSignals,
        MessageFacts,
        MailWait,
        MessageWaits,
        OrganizationsStore,
        RateHousekeeping,
        {
          provide: RateLimiter,
          useFactory: limiterOf,
          inject: [RateWindowsStore],
        },
        {
          provide: RateWindowsStore,
          useFactory: (database: Database) => new RateWindowsStore(database, RATE_WINDOW_SECONDS),
          inject: [Database],
        },
        Recall,
        Reconcile,
        RequestHooks,
        RequestRate,
        Revocations,
        RevokeApiKey,
        SignedLinks,
        ScanWait,
        BatchItems,
        DecideMany,
        SendBatch,
        Subjects,
        UpdateOrganization,
        UploadAttachment,
      ],
    };
  }
}
