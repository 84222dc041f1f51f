import type { Issue } from '@postern/platform';

/** Issues shown at most: each names a path, and a request can hold millions of them. */
const ISSUES_MAX = 20;

/**
 * Finds texts, names of members too, that PostgreSQL cannot store and mail cannot carry: with the character NUL, or with
 * half of a surrogate pair.
 * @param value  nested no deeper than the edge lets pass.
 */
export function unstorableText(value: unknown): Issue[] {
  const issues: Issue[] = [];
  collect(value, '', issues);
  return issues;
}

function collect(value: unknown, path: string, issues: Issue[]): void {
  if (issues.length >= ISSUES_MAX) return;
  if (typeof value === 'string') {
    if (!isStorable(value)) issues.push({ path, message: 'must be text without NUL and without half characters' });
  } else if (Array.isArray(value)) {
    value.forEach((item, index) => collect(item, `${path}[${index}]`, issues));
  } else if (typeof value === 'object' && value !== null) {
    collectMembers(value, path, issues);
  }
}

function collectMembers(value: object, path: string, issues: Issue[]): void {
  for (const [name, member] of Object.entries(value)) {
    if (isStorable(name)) collect(member, path === '' ? name : `${path}.${name}`, issues);
    else issues.push({ path, message: 'must name its members without NUL and without half characters' });
  }
}

const isStorable = (text: string): boolean => !text.includes('\0') && text.isWellFormed();
