import type { PolicyConfigs } from '@postern/contracts';

/** Speaks against a message whose risk score reaches the threshold. */
export function riskReaches({ threshold }: PolicyConfigs['output_scan'], riskScore: number): string | null {
  return riskScore >= threshold ? `The risk score is ${riskScore}, and ${threshold} is the threshold.` : null;
}
