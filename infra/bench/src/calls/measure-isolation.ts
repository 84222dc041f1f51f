import type { PhaseResult } from '../figures/figure.js';
import { percentile } from '../figures/percentile.js';
import { type CallStage, ENDPOINTS } from './call-stage.js';

const HANGING = 20;
/** The goal: hanging endpoints may add this much to the p99 of the others. */
const GOAL = 1.3;
/** Of what the same run was found to do at most: what waits in a queue of its own load says nothing about others. */
const LOAD = 0.4;
/** Twice each, in turns, so that a machine that slows down or speeds up does so for both. */
const ROUNDS = [0, HANGING, 0, HANGING] as const;

/**
 * What the healthy endpoints wait for at a part of the measured rate, without any that hang and with a fifth of all hanging, their
 * time-outs included.
 */
export async function measureIsolation(stage: CallStage, callsPerSecond: number): Promise<PhaseResult> {
  const perSecond = Math.max(1, Math.round(callsPerSecond * LOAD));
  const waits = { alone: [] as number[], beside: [] as number[] };
  let arrived = true;
  for (const hanging of ROUNDS) {
    const round = await oneRound(stage, perSecond, hanging);
    (hanging === 0 ? waits.alone : waits.beside).push(...round.waits);
    arrived &&= round.arrived;
  }
  const of = `${ENDPOINTS - HANGING} healthy endpoints at ${perSecond}/s`;
  const figuresOf = (part: keyof typeof waits, label: string): PhaseResult['figures'] =>
    [50, 99].map((share) => ({
      name: `calls.isolation_${part}_p${share}`,
      label: `${label} p${share}`,
      value: percentile(waits[part], share / 100),
      unit: 'ms',
    }));
  const ratio = percentile(waits.beside, 0.99) / percentile(waits.alone, 0.99);
  return {
    figures: [
      ...figuresOf('alone', of),
      ...figuresOf('beside', `${of}, ${HANGING} others hang`),
      { name: 'calls.isolation', label: `their p99 ÷ p99 without, goal ${GOAL}`, value: ratio, unit: 'x' },
    ],
    failures: arrived ? [] : ['Not all events reached the healthy endpoints.'],
  };
}

/** Begins and ends at rest: what waits for those that hung is called for before the next round. */
async function oneRound(
  stage: CallStage,
  perSecond: number,
  hanging: number,
): Promise<{ waits: number[]; arrived: boolean }> {
  stage.receiver.forget();
  stage.receiver.hangBelow = hanging;
  const ids = await stage.tellEvenly(perSecond * stage.bench.seconds.isolation, perSecond);
  const healthy = await stage.allArrived(ids, HANGING);
  const waits = stage.waits(HANGING);
  stage.receiver.hangBelow = 0;
  return { waits, arrived: (await stage.allArrived(ids)) && healthy };
}
