// Lets Node run a service's TypeScript as it stands, for processes that tests start: sources name each other with the endings that the build gives them.
import { existsSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { fileURLToPath } from 'node:url';

const LIBS = new URL('../../', import.meta.url);

registerHooks({
  resolve(specifier, context, next) {
    const lib = /^@postern\/([a-z-]+)$/.exec(specifier)?.[1];
    if (lib !== undefined) return { url: new URL(`${lib}/src/index.ts`, LIBS).href, shortCircuit: true };
    if (specifier.startsWith('.') && specifier.endsWith('.js') && context.parentURL?.endsWith('.ts')) {
      const source = new URL(specifier.replace(/\.js$/, '.ts'), context.parentURL);
      if (existsSync(fileURLToPath(source))) return { url: source.href, shortCircuit: true };
    }
    return next(specifier, context);
  },
});
