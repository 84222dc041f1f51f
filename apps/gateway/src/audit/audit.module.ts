import { Module } from '@nestjs/common';
import { AuditChainStore } from '../store/audit-chain.store.js';
import { AuditLogStore } from '../store/audit-log.store.js';
import { AuditPendingStore } from '../store/audit-pending.store.js';
import { AuditChainer } from './audit-chainer.js';
import { AuditController } from './audit.controller.js';
import { AuditFactsConsumer } from './audit-facts.consumer.js';
import { ChainPending } from './chain-pending.js';
import { ExportAuditLog } from './export-audit-log.js';

/** The audit log. Others note what they do with {@link AuditPendingStore}. */
@Module({
  controllers: [AuditController, AuditFactsConsumer],
  providers: [AuditChainStore, AuditChainer, AuditLogStore, AuditPendingStore, ChainPending, ExportAuditLog],
  exports: [AuditPendingStore],
})
export class AuditModule {}
