import { runBench } from './run/run-bench.js';

process.exit(await runBench(process.argv.slice(2)));
