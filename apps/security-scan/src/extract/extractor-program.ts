import type { ChildProgram } from '@postern/platform';

/** Injects what runs as the process that reads attachments. */
export const EXTRACTOR_PROGRAM = Symbol('EXTRACTOR_PROGRAM');

export const BUILT_EXTRACTOR: ChildProgram = {
  entry: new URL('process/main.js', import.meta.url),
  service: new URL('../../', import.meta.url),
  execArgv: [],
};
