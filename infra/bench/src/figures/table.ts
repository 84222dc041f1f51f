import type { Figure } from './figure.js';

const PHASE_WIDTH = 12;
const VALUE_WIDTH = 10;
/** Three significant digits: more would claim what a shared machine cannot repeat. */
const SIGNIFICANT = 3;

/** The figures as lines for a person, in their order, the phase named once. */
export function table(figures: readonly Figure[]): string {
  const labelWidth = Math.max(...figures.map(({ label }) => label.length));
  let shown = '';
  return figures
    .map(({ name, label, value, unit }) => {
      const phase = name.slice(0, name.indexOf('.'));
      const first = phase === shown ? '' : phase;
      shown = phase;
      return `${first.padEnd(PHASE_WIDTH)} ${label.padEnd(labelWidth)} ${readable(value).padStart(VALUE_WIDTH)} ${unit}`.trimEnd();
    })
    .join('\n');
}

function readable(value: number): string {
  if (Number.isNaN(value)) return '-';
  if (Number.isInteger(value) || Math.abs(value) >= 100) return Math.round(value).toLocaleString('en');
  return value.toPrecision(SIGNIFICANT);
}
