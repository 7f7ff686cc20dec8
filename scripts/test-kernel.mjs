// npm run test:kernel -- 6.1 6.12 7.2 5.10: boots real kernels and records what they answer.
import { bundleAndRun } from './bundle-and-run.mjs';

process.exitCode = await bundleAndRun('test/kernel/lib/main.ts', process.argv.slice(2));
