import { createFifo } from '../fifo.js';
import type { Fifo } from '../fifo.js';
import { log } from '../log.js';
import type { Timers } from '../timers.js';
import type { SnsPost } from './envelope.js';
import { createPoster } from './post.js';
import type { Poster } from './post.js';

/** Carries posts to endpoints: in order of arrival as far as they succeed, many at a time, again after failures. */
export interface Deliveries {
  /** Resolves after the first attempt, whatever came of it. */
  send(endpoint: string, post: SnsPost): Promise<void>;
  stop(): void;
}

interface Delivery {
  readonly post: SnsPost;
  readonly giveUpAt: number;
  attempts: number;
  onFirstAttempt: (() => void) | undefined;
}

interface Lane {
  readonly poster: Poster;
  readonly waiting: Fifo<Delivery>;
  inFlight: number;
  pendingBytes: number;
}

/** Enough to hide the endpoint's own latency at 2,000 posts a second (32 ms each). */
const MAX_IN_FLIGHT = 64;
/** The longest total time an SNS retry policy can state is 3,600 s; 15 minutes outlast any restart. */
const GIVE_UP_AFTER_MS = 15 * 60_000;
const FIRST_RETRY_MS = 1_000;
const LONGEST_RETRY_MS = 20_000;
/** Per endpoint; what arrives beyond it while an endpoint is away is lost, with a line in the log. */
const MAX_PENDING_BYTES = 512 * 1024 * 1024;

const retryDelayMs = (attempts: number): number => Math.min(FIRST_RETRY_MS * 2 ** (attempts - 1), LONGEST_RETRY_MS);

export const createDeliveries = (timers: Timers): Deliveries => {
  const lanes = new Map<string, Lane>();
  let stopped = false;

  const laneOf = (endpoint: string): Lane => {
    let lane = lanes.get(endpoint);
    if (!lane) {
      lane = { poster: createPoster(endpoint, MAX_IN_FLIGHT), waiting: createFifo(), inFlight: 0, pendingBytes: 0 };
      lanes.set(endpoint, lane);
    }
    return lane;
  };

  const attempt = async (lane: Lane, delivery: Delivery): Promise<void> => {
    const result = await lane.poster.send(delivery.post);
    delivery.attempts += 1;
    delivery.onFirstAttempt?.();
    delivery.onFirstAttempt = undefined;
    if (stopped) return;
    if (!result.settled) {
      const delayMs = retryDelayMs(delivery.attempts);
      if (Date.now() + delayMs < delivery.giveUpAt) {
        timers.after(delayMs, () => {
          lane.waiting.push(delivery);
          pump(lane);
        });
        return;
      }
      log('notification_given_up', { attempts: delivery.attempts, reason: result.reason });
    } else if (result.status >= 300) {
      log('notification_refused', { status: result.status, attempts: delivery.attempts });
    }
    lane.pendingBytes -= delivery.post.body.length;
  };

  const pump = (lane: Lane): void => {
    while (!stopped && lane.inFlight < MAX_IN_FLIGHT) {
      const delivery = lane.waiting.shift();
      if (!delivery) return;
      lane.inFlight += 1;
      void attempt(lane, delivery).finally(() => {
        lane.inFlight -= 1;
        pump(lane);
      });
    }
  };

  return {
    send(endpoint, post) {
      const lane = laneOf(endpoint);
      if (lane.pendingBytes + post.body.length > MAX_PENDING_BYTES) {
        log('notification_dropped', { pendingBytes: lane.pendingBytes });
        return Promise.resolve();
      }
      lane.pendingBytes += post.body.length;
      return new Promise((resolve) => {
        lane.waiting.push({ post, giveUpAt: Date.now() + GIVE_UP_AFTER_MS, attempts: 0, onFirstAttempt: resolve });
        pump(lane);
      });
    },
    stop() {
      stopped = true;
      for (const lane of lanes.values()) lane.poster.close();
    },
  };
};
