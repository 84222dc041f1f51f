import { InvalidOptions, USAGE, readOptions } from './options.js';
import { startSandbox } from './sandbox.js';

try {
  const sandbox = await startSandbox(readOptions(process.argv.slice(2)));
  process.stdout.write(
    `${JSON.stringify({ ready: true, url: sandbox.url, certificateUrl: sandbox.certificateUrl })}\n`,
  );
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.once(signal, () => void sandbox.stop().finally(() => process.exit(0)));
  }
} catch (error) {
  const help = error instanceof InvalidOptions ? `\n\n${USAGE}` : '\n';
  process.stderr.write(`${(error as Error).message}${help}`);
  process.exitCode = 1;
}
