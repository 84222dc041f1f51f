import { Module, type DynamicModule } from '@nestjs/common';
import { DeletionSweep, EventingModule, PURGE, type Purge } from '@postern/eventing';
import { DatabaseModule, type SettingValues } from '@postern/platform';
import { AnswerController } from './answer/answer.controller.js';
import { AnsweredMessages } from './answer/answered-messages.js';
import { ForwardMessage } from './answer/forward-message.js';
import { ReplyToMessage } from './answer/reply-to-message.js';
import { AttachmentsController } from './attachments/attachments.controller.js';
import { FindAttachments } from './attachments/find-attachments.js';
import { RecordUpload } from './attachments/record-upload.js';
import { CancelController } from './cancel/cancel.controller.js';
import { AskToStop } from './cancel/ask-to-stop.js';
import { CancelMessage } from './cancel/cancel-message.js';
import { KnownDomainsController } from './domains/known-domains.controller.js';
import { DraftAttachments } from './drafts/draft-attachments.js';
import { DraftGuard } from './drafts/draft-guard.js';
import { Drafts } from './drafts/drafts.js';
import { DraftsController } from './drafts/drafts.controller.js';
import { SendDraft } from './drafts/send-draft.js';
import { CollectContent } from './collect/collect-content.js';
import { CollectionRounds } from './collect/collection-rounds.js';
import { CreateInbox } from './inboxes/create-inbox.js';
import { InboxDomain } from './inboxes/inbox-domain.js';
import { Inboxes } from './inboxes/inboxes.js';
import { TellDelivery } from './inboxes/tell-delivery.js';
import { InboxesController } from './inboxes/inboxes.controller.js';
import { EndWaits } from './expect/end-waits.js';
import { ExpectController } from './expect/expect.controller.js';
import { ExpectReply } from './expect/expect-reply.js';
import { WaitClock } from './expect/wait-clock.js';
import { HistoryController } from './history/history.controller.js';
import { MessageTimeline } from './history/message-timeline.js';
import type { messagingSettings } from './messaging.settings.js';
import { PreviewController } from './preview/preview.controller.js';
import { PreviewMessage } from './preview/preview-message.js';
import { LoopGuard } from './loop/loop-guard.js';
import { LabelsController } from './labels/labels.controller.js';
import { MessageMarks } from './labels/message-marks.js';
import { UpdateThread } from './labels/update-thread.js';
import { MessageLister } from './read/message-lister.js';
import { MessagePages } from './read/message-pages.js';
import { MessageReader } from './read/message-reader.js';
import { ReadController } from './read/read.controller.js';
import { ThreadReader } from './read/thread-reader.js';
import { MailArrived } from './receive/mail-arrived.js';
import { MailThreads } from './receive/mail-threads.js';
import { ReceiveController } from './receive/receive.controller.js';
import { ReceiveMail } from './receive/receive-mail.js';
import { DeleteMessages } from './remove/delete-messages.js';
import { InboxRemovals } from './remove/inbox-removals.js';
import { LateMail } from './remove/late-mail.js';
import { AnnounceRelease } from './release/announce-release.js';
import { RecordRelease } from './release/record-release.js';
import { ReleaseController } from './release/release.controller.js';
import { ReleaseMessage } from './release/release-message.js';
import { RemoveController } from './remove/remove.controller.js';
import { RemoveInbox } from './remove/remove-inbox.js';
import { RemoveMessages } from './remove/remove-messages.js';
import { RetireInbox } from './remove/retire-inbox.js';
import { StopSending } from './remove/stop-sending.js';
import { BrakeInbox } from './reputation/brake-inbox.js';
import { ReputationController } from './reputation/reputation.controller.js';
import { CheckRevision } from './revise/check-revision.js';
import { ComposeRevision } from './revise/compose-revision.js';
import { PrepareRevision } from './revise/prepare-revision.js';
import { RecordRevisions } from './revise/record-revisions.js';
import { ReviseController } from './revise/revise.controller.js';
import { MoveMessage } from './schedule/move-message.js';
import { UpdateController } from './schedule/update.controller.js';
import { UpdateMessage } from './schedule/update-message.js';
import { AcceptGuards } from './send/accept-guards.js';
import { Acceptance } from './send/acceptance.js';
import { AdmissionDesk } from './send/admission.js';
import { DailyLimits } from './send/daily-limits.js';
import { PlanKeeper } from './send/plan-keeper.js';
import { SendAttachments } from './send/send-attachments.js';
import { SendController } from './send/send.controller.js';
import { SendMessage } from './send/send-message.js';
import { SendPlanner } from './send/send-planner.js';
import { StaleThread } from './send/stale-thread.js';
import { ThreadGuard } from './send/thread-guard.js';
import { SearchModule } from './search/search.module.js';
import { AcceptStore } from './store/accept.store.js';
import { AdmissionStore } from './store/admission.store.js';
import { AttachmentStore } from './store/attachment.store.js';
import { ContentUseStore } from './store/content-use.store.js';
import { DailySendsStore } from './store/daily-sends.store.js';
import { ExpectedReplyStore } from './store/expected-reply.store.js';
import { HistoryStore } from './store/history.store.js';
import { InboxRemovalStore } from './store/inbox-removal.store.js';
import { DraftStore } from './store/draft.store.js';
import { InboxStore } from './store/inbox.store.js';
import { KnownDomainStore } from './store/known-domain.store.js';
import { LabelStore } from './store/label.store.js';
import { ListRuleStore } from './store/list-rule.store.js';
import { LoopStore } from './store/loop.store.js';
import { MessageReadStore } from './store/message-read.store.js';
import { migrations } from './store/migrations/index.js';
import { RemovalStore } from './store/removal.store.js';
import { RevisionStore } from './store/revision.store.js';
import { ScheduleStore } from './store/schedule.store.js';
import { SendingBrakeStore } from './store/sending-brake.store.js';
import { StateStore } from './store/state.store.js';
import { SuppressedAddressStore } from './store/suppressed-address.store.js';
import { ThreadLookupStore } from './store/thread-lookup.store.js';
import { ThreadStore } from './store/thread.store.js';
import { SuppressionRebuild } from './suppressions/suppression-rebuild.js';
import { SuppressionRebuildStore } from './store/suppression-rebuild.store.js';
import { SuppressionsController } from './suppressions/suppressions.controller.js';
import { ListRebuild } from './lists/list-rebuild.js';
import { ListsController } from './lists/lists.controller.js';
import { RecordSteps } from './track/record-steps.js';
import { TrackController } from './track/track.controller.js';
import { TrackStatus } from './track/track-status.js';

/** Messaging removes a message with its rows; the sweep finds only facts. */
const nothingIsLeft: Purge = { run: async () => undefined };
import { ViewController } from './view/view.controller.js';
import { ViewMessage } from './view/view-message.js';

@Module({})
export class MessagingModule {
  static forRoot(config: SettingValues<typeof messagingSettings>): DynamicModule {
    return {
      module: MessagingModule,
      imports: [
        DatabaseModule.forRoot({ schema: 'messaging', migrations }),
        EventingModule.forRoot('messaging', config),
        SearchModule,
      ],
      controllers: [
        AnswerController,
        AttachmentsController,
        CancelController,
        DraftsController,
        ExpectController,
        HistoryController,
        InboxesController,
        KnownDomainsController,
        LabelsController,
        ListsController,
        PreviewController,
        ReadController,
        ReceiveController,
        ReleaseController,
        RemoveController,
        ReviseController,
        ReputationController,
        SendController,
        SuppressionsController,
        TrackController,
        ViewController,
        UpdateController,
      ],
      providers: [
        AcceptGuards,
        Acceptance,
        AcceptStore,
        AdmissionDesk,
        AdmissionStore,
        AnnounceRelease,
        AnsweredMessages,
        AskToStop,
        AttachmentStore,
        BrakeInbox,
        CancelMessage,
        DailyLimits,
        CollectContent,
        CollectionRounds,
        ContentUseStore,
        CreateInbox,
        DailySendsStore,
        DeleteMessages,
        DeletionSweep,
        { provide: PURGE, useValue: nothingIsLeft },
        FindAttachments,
        DraftAttachments,
        DraftGuard,
        Drafts,
        DraftStore,
        EndWaits,
        ExpectedReplyStore,
        ExpectReply,
        ForwardMessage,
        HistoryStore,
        InboxDomain,
        Inboxes,
        InboxRemovals,
        InboxRemovalStore,
        InboxStore,
        KnownDomainStore,
        LateMail,
        LabelStore,
        ListRebuild,
        ListRuleStore,
        LoopGuard,
        LoopStore,
        MessageMarks,
        MessageLister,
        MessagePages,
        MessageReader,
        MailArrived,
        MailThreads,
        MessageReadStore,
        MessageTimeline,
        MoveMessage,
        PlanKeeper,
        PreviewMessage,
        CheckRevision,
        ComposeRevision,
        PrepareRevision,
        RecordRevisions,
        RevisionStore,
        ReceiveMail,
        RecordRelease,
        ReleaseMessage,
        RemovalStore,
        RemoveInbox,
        RemoveMessages,
        RetireInbox,
        RecordUpload,
        RecordSteps,
        ScheduleStore,
        ReplyToMessage,
        SendingBrakeStore,
        SendAttachments,
        SendDraft,
        SendMessage,
        SendPlanner,
        StaleThread,
        StateStore,
        StopSending,
        SuppressedAddressStore,
        SuppressionRebuild,
        SuppressionRebuildStore,
        ThreadGuard,
        ThreadLookupStore,
        ThreadReader,
        ThreadStore,
        TellDelivery,
        TrackStatus,
        ViewMessage,
        WaitClock,
        UpdateMessage,
        UpdateThread,
      ],
    };
  }
}
