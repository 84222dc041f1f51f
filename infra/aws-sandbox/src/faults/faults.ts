/** A fault that strikes the next N times, or each time with a probability of 0 to 1. */
export type Strike = { next: number } | { probability: number };

export const SEND_FAULTS = [
  'throttle',
  'server_error',
  'reset_before',
  'reset_after',
  'no_answer',
  'quota_exceeded',
] as const;
export const FEEDBACK_FAULTS = ['duplicate', 'reorder', 'drop'] as const;
export type SendFault = (typeof SEND_FAULTS)[number];
export type FeedbackFault = (typeof FEEDBACK_FAULTS)[number];

/** The switches as `/_sandbox/faults` shows them: absent ones are off, `next` is what is left. */
export interface FaultSettings extends Partial<Record<SendFault, Strike>> {
  latency_ms?: number;
  feedback?: Partial<Record<FeedbackFault, Strike>> & { delay_ms?: number };
}

export interface Faults {
  readonly current: FaultSettings;
  replace(settings: FaultSettings): void;
  /** Whether a fault strikes this SendRawEmail call; counts `next` down. */
  strikes(fault: SendFault): boolean;
  /** The same for one feedback event. */
  strikesFeedback(fault: FeedbackFault): boolean;
}

const strike = (setting: Strike | undefined): boolean => {
  if (!setting) return false;
  if ('probability' in setting) return Math.random() < setting.probability;
  if (setting.next === 0) return false;
  setting.next -= 1;
  return true;
};

export const createFaults = (): Faults => {
  let settings: FaultSettings = {};
  return {
    get current() {
      return settings;
    },
    replace: (next) => {
      settings = next;
    },
    strikes: (fault) => strike(settings[fault]),
    strikesFeedback: (fault) => strike(settings.feedback?.[fault]),
  };
};
