import { runRunner } from './runner/run-runner.js';

process.exit(await runRunner(process.argv.slice(2)));
