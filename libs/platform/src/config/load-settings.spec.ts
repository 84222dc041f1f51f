import { describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import { baseSettings } from './base-settings.js';
import { documentSettings } from './document-settings.js';
import { loadSettings, SettingsError } from './load-settings.js';
import { defineSettings, onOff, setting, urlOf, wholeNumber } from './setting.js';

const settings = defineSettings({
  RETRIES: setting(wholeNumber(1, 9), { description: 'Tries.', unit: 'tries', default: '3', example: '5' }),
  TOKEN: setting(z.string().min(20), { description: 'The token.', example: 'x', secret: true }),
  VERBOSE: setting(onOff(), { description: 'Says more.', default: 'false', example: 'true' }),
  PROXY: setting(urlOf('http', 'https').optional(), { description: 'A | proxy.', example: 'http://proxy:3128' }),
});
const TOKEN = 'a-token-that-is-long-enough';

const problemsOf = (env: Record<string, string>): readonly string[] => {
  try {
    loadSettings(settings, env);
    return [];
  } catch (error) {
    return error instanceof SettingsError ? error.problems : [];
  }
};

describe('loadSettings', () => {
  test('gives typed values, with defaults for what is absent or empty', () => {
    expect(loadSettings(settings, { TOKEN, RETRIES: '', VERBOSE: 'true' })).toEqual({
      RETRIES: 3,
      TOKEN,
      VERBOSE: true,
    });
  });

  test('is frozen', () => {
    expect(Object.isFrozen(loadSettings(settings, { TOKEN }))).toBe(true);
  });

  test('reports all problems at once, by name', () => {
    const problems = problemsOf({ RETRIES: '10', VERBOSE: 'yes', PROXY: 'ftp://x' });
    expect(problems).toEqual([
      'RETRIES: must be from 1 to 9, for example 5; it is "10"',
      'TOKEN: set it (The token.), for example x',
      'VERBOSE: must be true or false, for example true; it is "yes"',
      'PROXY: must be a URL that starts with http:// or https://, for example http://proxy:3128; it is "ftp://x"',
    ]);
  });

  test('never shows the value of a secret', () => {
    const [problem, ...others] = problemsOf({ TOKEN: 'canary' });
    expect(others).toEqual([]);
    expect(problem).toMatch(/^TOKEN: /);
    expect(problem).not.toContain('canary');
  });
});

describe('documentSettings', () => {
  test('has a row for every setting, and says which are required and which are secret', () => {
    const lines = documentSettings('demo', settings).split('\n');
    expect(lines).toContain('| `RETRIES` | Tries. | tries | `3` | `5` |');
    expect(lines).toContain('| `TOKEN` | The token. Secret. |  | required | `x` |');
    expect(lines).toContain('| `PROXY` | A \\| proxy. |  |  | `http://proxy:3128` |');
  });
});

describe('baseSettings', () => {
  test('every example and every default is valid', () => {
    for (const [name, { schema, meta }] of Object.entries(baseSettings)) {
      expect([name, schema.safeParse(meta.example).success]).toEqual([name, true]);
      if (meta.default !== undefined) expect([name, schema.safeParse(meta.default).success]).toEqual([name, true]);
    }
  });
});
