import { Module, type DynamicModule } from '@nestjs/common';
import { Deletions, DeletionSweep, EventingModule, PURGE } from '@postern/eventing';
import { DatabaseModule, type SettingValues, type ChildProgram } from '@postern/platform';
import { ApprovalExpiry } from './approvals/approval-expiry.js';
import { ApprovalReader } from './approvals/approval-reader.js';
import { ApprovalsController } from './approvals/approvals.controller.js';
import { ContinueEdited } from './approvals/continue-edited.js';
import { DecideApproval } from './approvals/decide-approval.js';
import { EditApproval } from './approvals/edit-approval.js';
import { EndApproval } from './approvals/end-approval.js';
import { HoldMessages } from './approvals/hold-messages.js';
import { OpenApproval } from './approvals/open-approval.js';
import { RequestRevision } from './approvals/request-revision.js';
import { Cancellations } from './cancel/cancellations.js';
import { CancellationsController } from './cancel/cancellations.controller.js';
import { MailReader } from './content/mail-reader.js';
import { VerifiedContent } from './content/verified-content.js';
import { ExtractorPool } from './extract/extractor-pool.js';
import { BUILT_EXTRACTOR, EXTRACTOR_PROGRAM } from './extract/extractor-program.js';
import { InboundController } from './inbound/inbound.controller.js';
import { ScanInbound } from './inbound/scan-inbound.js';
import { OnDemandController } from './on-demand/on-demand.controller.js';
import { ScanContent } from './on-demand/scan-content.js';
import { JudgeBatch } from './outbound/judge-batch.js';
import { JudgeOutbound } from './outbound/judge-outbound.js';
import { OutboundController } from './outbound/outbound.controller.js';
import { RuleOutbound } from './outbound/rule-outbound.js';
import { ScanOutbound } from './outbound/scan-outbound.js';
import { InboxRemovalsController } from './inboxes/inbox-removals.controller.js';
import { ListGuard } from './lists/list-guard.js';
import { ListsController } from './lists/lists.controller.js';
import { ManageLists } from './lists/manage-lists.js';
import { Backtest } from './policies/backtest/backtest.js';
import { ManagePolicies } from './policies/manage-policies.js';
import { PoliciesController } from './policies/policies.controller.js';
import { PoliciesInForce } from './policies/policies-in-force.js';
import { PolicyDesk } from './policies/policy-desk.js';
import { PreviewController } from './preview/preview.controller.js';
import { RefusedRevisions } from './revise/refused-revisions.js';
import { RevisionsController } from './revise/revisions.controller.js';
import { DeletionsController } from './remove/deletions.controller.js';
import { PurgeVerdicts } from './store/purge-verdicts.store.js';
import type { securityScanSettings } from './security-scan.settings.js';
import { ApprovalRevisionStore } from './store/approval-revision.store.js';
import { ApprovalStore } from './store/approval.store.js';
import { CancellationStore } from './store/cancellation.store.js';
import { ExtractedTextStore } from './store/extracted-text.store.js';
import { JudgedTrafficStore } from './store/judged-traffic.store.js';
import { ListBookStore } from './store/list-book.store.js';
import { ListEntryStore } from './store/list-entry.store.js';
import { migrations } from './store/migrations/index.js';
import { PolicyStore } from './store/policy.store.js';
import { SentCountStore } from './store/sent-count.store.js';
import { TimelineStore } from './store/timeline.store.js';
import { TriesStore } from './store/tries.store.js';
import { VerdictStore } from './store/verdict.store.js';
import { TimelineController } from './timeline/timeline.controller.js';
import { CountedTries } from './tries/counted-tries.js';
import { APPROVAL_TTL_SECONDS } from './tokens.js';

@Module({})
export class SecurityScanModule {
  /** @param extractor  what reads attachments; tests run it from its sources. */
  static forRoot(
    config: SettingValues<typeof securityScanSettings>,
    extractor: ChildProgram = BUILT_EXTRACTOR,
  ): DynamicModule {
    return {
      module: SecurityScanModule,
      imports: [
        DatabaseModule.forRoot({ schema: 'security_scan', migrations }),
        EventingModule.forRoot('security-scan', config),
      ],
      controllers: [
        ApprovalsController,
        CancellationsController,
        DeletionsController,
        InboundController,
        InboxRemovalsController,
        ListsController,
        OnDemandController,
        OutboundController,
        PoliciesController,
        PreviewController,
        RevisionsController,
        TimelineController,
      ],
      providers: [
        { provide: APPROVAL_TTL_SECONDS, useValue: config.APPROVAL_TTL_SECONDS },
        { provide: EXTRACTOR_PROGRAM, useValue: extractor },
        ApprovalExpiry,
        ApprovalReader,
        ApprovalStore,
        Backtest,
        Cancellations,
        CancellationStore,
        ApprovalRevisionStore,
        ContinueEdited,
        DecideApproval,
        EditApproval,
        EndApproval,
        HoldMessages,
        OpenApproval,
        RequestRevision,
        RefusedRevisions,
        CountedTries,
        Deletions,
        DeletionSweep,
        { provide: PURGE, useClass: PurgeVerdicts },
        ExtractedTextStore,
        ExtractorPool,
        JudgedTrafficStore,
        JudgeBatch,
        JudgeOutbound,
        ListBookStore,
        ListEntryStore,
        ListGuard,
        MailReader,
        ManageLists,
        ManagePolicies,
        PoliciesInForce,
        PolicyDesk,
        PolicyStore,
        RuleOutbound,
        ScanContent,
        ScanInbound,
        ScanOutbound,
        SentCountStore,
        TimelineStore,
        TriesStore,
        VerdictStore,
        VerifiedContent,
      ],
    };
  }
}
