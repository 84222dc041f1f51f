import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import type { Resolve } from './resolve.js';
import { TargetGuard } from './target-guard.js';
import { hostOf } from './target-url.js';

interface Case {
  url: string;
  verdict: 'block' | 'allow' | 'policy' | 'allow-address';
  why: string;
  /** Answers of the name servers to the first, second, … question; the last one stays. */
  dns?: Record<string, string[][]>;
  /** Where the target sends us; we do not go there. */
  redirects?: string[];
}

/** A list of hostile and harmless targets that lies beside the repository on the build machine. */
const CORPUS = new URL('../../../../../shared/corpus/ssrf_urls.json', import.meta.url);
const cases = existsSync(CORPUS) ? (JSON.parse(readFileSync(CORPUS, 'utf8')) as { cases: Case[] }).cases : [];

/** What we do where the list leaves it to a stated rule: see targetProblem. */
const OUR_RULES: Record<string, boolean> = {
  'https://example.com:6379/hook': true,
  'https://example.com:22/hook': true,
  'https://8.8.8.8/hook': true,
  'https://[2606:4700:4700::1111]/hook': true,
  'https://example.com./hook': false,
};

function playedNames(dns: Case['dns']): Resolve {
  const asked = new Map<string, number>();
  return async (hostname) => {
    const answers = dns?.[hostname];
    if (answers === undefined) throw Object.assign(new Error('no such name'), { code: 'ENOTFOUND' });
    const turn = asked.get(hostname) ?? 0;
    asked.set(hostname, turn + 1);
    return answers[Math.min(turn, answers.length - 1)] ?? [];
  };
}

/** Registers the target, then asks where to connect, as each call does. Plain http is let by: the hosts are the point. */
async function isReached({ url, dns }: Case): Promise<boolean> {
  const guard = new TargetGuard({ plainHttp: true, reach: 'public', ports: null }, playedNames(dns));
  if ((await guard.problemOf(url)) !== null) return false;
  return guard.addressesOf(hostOf(new URL(url))).then(
    () => true,
    () => false,
  );
}

// A redirecting target is public itself; that the redirect is not followed is tested with a real server.
const judged = cases.filter((one) => one.redirects === undefined);

if (judged.length === 0) test.skip('the corpus of targets is not beside this checkout', () => undefined);
else
  describe('the corpus of targets', () => {
    test.each(judged.filter(({ verdict }) => verdict === 'block'))('blocks $url: $why', async (one) => {
      expect(await isReached(one)).toBe(false);
    });
    test.each(judged.filter(({ verdict }) => verdict.startsWith('allow')))('allows $url: $why', async (one) => {
      expect(await isReached(one)).toBe(true);
    });
    test.each(judged.filter(({ verdict }) => verdict === 'policy'))('rules on $url: $why', async (one) => {
      expect(await isReached(one)).toBe(OUR_RULES[one.url]);
    });
  });
