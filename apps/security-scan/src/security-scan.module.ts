import { Module, type DynamicModule } from '@nestjs/common';
import { EventingModule } from '@postern/eventing';
import { DatabaseModule, type SettingValues } from '@postern/platform';
import { ApprovalExpiry } from './approvals/approval-expiry.js';
import { ApprovalReader } from './approvals/approval-reader.js';
import { ApprovalsController } from './approvals/approvals.controller.js';
import { DecideApproval } from './approvals/decide-approval.js';
import { VerifiedContent } from './content/verified-content.js';
import { InboundController } from './inbound/inbound.controller.js';
import { ScanInbound } from './inbound/scan-inbound.js';
import { OutboundController } from './outbound/outbound.controller.js';
import { ScanOutbound } from './outbound/scan-outbound.js';
import { PreviewController } from './preview/preview.controller.js';
import type { securityScanSettings } from './security-scan.settings.js';
import { ApprovalStore } from './store/approval.store.js';
import { migrations } from './store/migrations/index.js';
import { VerdictStore } from './store/verdict.store.js';
import { APPROVAL_TTL_SECONDS } from './tokens.js';

@Module({})
export class SecurityScanModule {
  static forRoot(config: SettingValues<typeof securityScanSettings>): DynamicModule {
    return {
      module: SecurityScanModule,
      imports: [
        DatabaseModule.forRoot({ schema: 'security_scan', migrations }),
        EventingModule.forRoot('security-scan', config),
      ],
      controllers: [ApprovalsController, InboundController, OutboundController, PreviewController],
      providers: [
        { provide: APPROVAL_TTL_SECONDS, useValue: config.APPROVAL_TTL_SECONDS },
        ApprovalExpiry,
        ApprovalReader,
        ApprovalStore,
        DecideApproval,
        ScanInbound,
        ScanOutbound,
        VerdictStore,
        VerifiedContent,
      ],
    };
  }
}
