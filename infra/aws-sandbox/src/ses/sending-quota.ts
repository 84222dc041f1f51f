import { AwsError } from '../http/aws-error.js';

/** The sending limits of the account. SES counts recipients, not messages. */
export interface Quota {
  readonly maxSendRate: number;
  /** -1 is unlimited, as SES says it. */
  readonly max24HourSend: number;
}

export interface SendingQuota {
  readonly current: Quota;
  set(quota: Quota): void;
  sentLast24Hours(): number;
  /**
   * Takes room for a send.
   * @param recipients  all of them: they count in the send rate.
   * @param counted  those that count in the daily quota (mailbox simulator addresses do not).
   * @throws AwsError `Throttling`, and nothing is taken.
   */
  take(recipients: number, counted: number): void;
}

/** api.md §5: 5,000 a second and no daily limit. */
const DEFAULT_QUOTA: Quota = { maxSendRate: 5_000, max24HourSend: -1 };
const DAY_MS = 24 * 60 * 60_000;
const MINUTE_MS = 60_000;

/** @param now  milliseconds since the epoch. */
export const createSendingQuota = (now: () => number = Date.now): SendingQuota => {
  let quota = DEFAULT_QUOTA;
  // A bucket of one second's worth; a call takes its tokens when one is there, and may leave a debt, so that a call of
  // 50 recipients passes at a rate of 1 and those after it wait.
  let tokens = quota.maxSendRate;
  let filledAt = now();
  // Recipients by minute: exact enough for a window of a day, and small.
  const sentByMinute = new Map<number, number>();
  let sent = 0;

  const fill = (): void => {
    const at = now();
    tokens = Math.min(quota.maxSendRate, tokens + ((at - filledAt) / 1_000) * quota.maxSendRate);
    filledAt = at;
  };
  const forgetYesterday = (): void => {
    const oldest = Math.floor((now() - DAY_MS) / MINUTE_MS);
    for (const [minute, count] of sentByMinute) {
      if (minute > oldest) return;
      sentByMinute.delete(minute);
      sent -= count;
    }
  };

  return {
    get current() {
      return quota;
    },
    set(next) {
      quota = next;
      tokens = next.maxSendRate;
      filledAt = now();
    },
    sentLast24Hours() {
      forgetYesterday();
      return sent;
    },
    take(recipients, counted) {
      forgetYesterday();
      if (quota.max24HourSend >= 0 && sent + counted > quota.max24HourSend) {
        throw new AwsError('Throttling', 'Daily message quota exceeded.');
      }
      fill();
      if (tokens <= 0 || tokens < Math.min(1, quota.maxSendRate))
        throw new AwsError('Throttling', 'Maximum sending rate exceeded.');
      tokens -= recipients;
      const minute = Math.floor(now() / MINUTE_MS);
      sentByMinute.set(minute, (sentByMinute.get(minute) ?? 0) + counted);
      sent += counted;
    },
  };
};
