/** How often an inbox may write to one counterparty in one thread. */
export interface LoopLimits {
  /** Messages within the window. */
  messages: number;
  /** The same when a machine wrote the last mail. */
  automaticMessages: number;
  windowSeconds: number;
  /** How long sends are refused once the limit is reached. */
  coolDownSeconds: number;
}

/** The settings that the limits are made of. */
export interface LoopConfig {
  readonly LOOP_MESSAGES: number;
  readonly LOOP_AUTOMATIC_MESSAGES: number;
  readonly LOOP_WINDOW_SECONDS: number;
  readonly LOOP_COOL_DOWN_SECONDS: number;
}

export const loopLimitsOf = (config: LoopConfig): LoopLimits => ({
  messages: config.LOOP_MESSAGES,
  automaticMessages: config.LOOP_AUTOMATIC_MESSAGES,
  windowSeconds: config.LOOP_WINDOW_SECONDS,
  coolDownSeconds: config.LOOP_COOL_DOWN_SECONDS,
});
