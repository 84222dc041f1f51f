import type { PolicyRule } from '@postern/contracts';
import { validationError, type Issue } from '@postern/platform';
import { readPattern } from './patterns/pattern.js';

/** @throws AppError `validation_error` for every pattern that cannot be run in linear time, and says what to do. */
export function checkRule(rule: PolicyRule, path = 'config'): void {
  if (rule.type !== 'keyword_filter') return;
  const issues = (rule.config.patterns ?? []).flatMap((pattern, index): Issue[] => {
    const verdict = readPattern(pattern);
    return 'problem' in verdict ? [{ path: `${path}.patterns[${index}]`, message: verdict.problem }] : [];
  });
  if (issues.length > 0) throw validationError(issues);
}
