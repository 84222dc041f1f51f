import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import {
  counter,
  Database,
  LOGGER,
  newRequestId,
  newTraceparent,
  pollLoop,
  runInContext,
  wideLine,
  type Logger,
  type Wakeable,
} from '@postern/platform';
import type { SesReceivedRecord } from '../feedback/ses-record.js';
import { Intake } from '../intake/intake.js';
import { SesMail } from '../receive/ses-mail.js';
import {
  claimMailToFetch,
  postponeMailToFetch,
  type ClaimedMail,
  type MailToFetch,
} from '../store/mail-to-fetch.store.js';
import { isSetupObject, MailBucket } from './mail-bucket.js';

/** A safety net: who stores a row wakes the loop, and what failed waits longer. */
const LOOK_MS = 2_000;
/** At the same time in one process; each holds a mail of up to 41 MiB in memory. */
const LOOPS = 2;

/** Fetches the mails that SES has put into S3, until they are there. */
@Injectable()
export class FetchMails implements OnApplicationBootstrap, OnModuleDestroy {
  private loops: Wakeable[] = [];
  private readonly fetched = counter('postern_ingest_s3_fetches_total', 'Attempts to fetch a mail from S3.', [
    'outcome',
  ]);

  constructor(
    private readonly database: Database,
    private readonly bucket: MailBucket,
    private readonly mails: SesMail,
    private readonly intake: Intake,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  onApplicationBootstrap(): void {
    this.loops = Array.from({ length: LOOPS }, () =>
      pollLoop({
        intervalMs: LOOK_MS,
        work: () => this.next(),
        onError: (error) => this.logger.warn({ what: 'ses.fetch', err: error }),
      }),
    );
  }

  /**
   * What to do about a mail whose notification came without its content.
   * @returns `ignored` for what SES puts into a new bucket by itself; `unsupported` for another action than S3, and for a
   *   bucket that is not the operator's.
   */
  plan(
    { type, bucketName: bucket, objectKey: key }: SesReceivedRecord['receipt']['action'],
    about: Omit<MailToFetch, 'bucket' | 'key'>,
  ): MailToFetch | 'ignored' | 'unsupported' {
    if (type !== 'S3' || !bucket || !key || !this.bucket.allows(bucket)) return 'unsupported';
    return isSetupObject(key) ? 'ignored' : { ...about, bucket, key };
  }

  /** There is something new to fetch. */
  wake(): void {
    for (const loop of this.loops) loop.wake();
  }

  async onModuleDestroy(): Promise<void> {
    await Promise.all(this.loops.map((loop) => loop.stop()));
  }

  /** @returns whether there was one. */
  private async next(): Promise<boolean> {
    const claimed = await claimMailToFetch(this.database);
    if (claimed === null) return false;
    await runInContext({ requestId: newRequestId(), traceparent: newTraceparent() }, () => this.fetch(claimed));
    return true;
  }

  private async fetch(claimed: ClaimedMail): Promise<void> {
    try {
      await wideLine(this.logger, 'ses.fetch', async (line) => {
        const { attempts, bucket, messageId, ageSeconds } = claimed;
        line.add({ attempt: attempts, bucket, snsMessageId: messageId, ageSeconds });
        const raw = await this.bucket.read(claimed);
        const mails = await this.mails.prepare(raw, claimed);
        const { newMails } = await this.intake.take({ notification: null, facts: [], mails, fetched: messageId });
        line.add({ sizeBytes: raw.byteLength, mails: mails.length, newMails });
      });
      this.fetched.inc({ outcome: 'fetched' });
    } catch {
      // The line above has told what happened.
      this.fetched.inc({ outcome: 'failed' });
      await postponeMailToFetch(this.database, claimed);
    }
  }
}
