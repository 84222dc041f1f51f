import { Readable } from 'node:stream';
import { Controller, Res } from '@nestjs/common';
import {
  type AuditEntry,
  ExportAuditLogRoute,
  ListAuditLogRoute,
  type Page,
  type RouteInput,
} from '@postern/contracts';
import type { FastifyReply } from 'fastify';
import { type Answer, fresh } from '../edge/answer.js';
import type { Caller } from '../edge/caller.js';
import { Asks, Input } from '../edge/parameters.decorator.js';
import { Route } from '../edge/route.decorator.js';
import { AuditLogStore } from '../store/audit-log.store.js';
import { ExportAuditLog } from './export-audit-log.js';
import { pageOfEntries, readSequence } from './sequence-cursor.js';

@Controller()
export class AuditController {
  constructor(
    private readonly log: AuditLogStore,
    private readonly exporting: ExportAuditLog,
  ) {}

  @Route(ListAuditLogRoute)
  async list(
    @Asks() { context }: Caller,
    @Input() { query }: RouteInput<typeof ListAuditLogRoute>,
  ): Promise<Answer<Page<AuditEntry>>> {
    const entries = await this.log.list(context, query, readSequence(query.cursor));
    return fresh(pageOfEntries(entries, query.limit));
  }

  @Route(ExportAuditLogRoute)
  async export(
    @Asks() { context }: Caller,
    @Input() _input: RouteInput<typeof ExportAuditLogRoute>,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Answer<AsyncIterable<string>>> {
    const { sequence, hash, lines } = await this.exporting.begin(context);
    void reply.headers({
      'x-audit-head': `${sequence}:${hash}`,
      'content-disposition': `attachment; filename="audit-log-${context.mode}-${sequence}.jsonl"`,
    });
    return fresh(Readable.from(lines, { highWaterMark: 1 }));
  }
}
