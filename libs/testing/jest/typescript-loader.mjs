// Lets a child process run the sources as Jest does, so that a test never kills a stale build.
import { readFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { fileURLToPath } from 'node:url';
import { transformSync } from '@swc/core';

const COMPILE = {
  jsc: {
    parser: { syntax: 'typescript', decorators: true },
    transform: { legacyDecorator: true, decoratorMetadata: true, useDefineForClassFields: false },
    target: 'es2023',
    keepClassNames: true,
  },
  module: { type: 'es6' },
  swcrc: false,
};

const LIBRARY = /^@postern\/(contracts|eventing|mail-html|platform)$/;
const libraries = new URL('../../', import.meta.url);

const sourceOf = (specifier, parentUrl) => {
  const [, library] = LIBRARY.exec(specifier) ?? [];
  if (library !== undefined) return new URL(`${library}/src/index.ts`, libraries).href;
  const isOurs = specifier.startsWith('.') && parentUrl?.endsWith('.ts') === true;
  return isOurs ? specifier.replace(/\.js$/, '.ts') : specifier;
};

registerHooks({
  resolve: (specifier, context, next) => next(sourceOf(specifier, context.parentURL), context),
  load: (url, context, next) => {
    if (!url.endsWith('.ts')) return next(url, context);
    const filename = fileURLToPath(url);
    const { code } = transformSync(readFileSync(filename, 'utf8'), { ...COMPILE, filename });
    return { format: 'module', source: code, shortCircuit: true };
  },
});
