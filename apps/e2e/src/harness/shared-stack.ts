import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { LocalJson } from '@postern/local';
import { Postern } from './postern.js';

/** The stack that the run's set-up started, read from what `npm start` writes for everyone. */
export function sharedPostern(): Postern {
  const directory = process.env['POSTERN_E2E_DATA_DIR'] ?? '';
  return new Postern(JSON.parse(readFileSync(join(directory, 'local.json'), 'utf8')) as LocalJson);
}
