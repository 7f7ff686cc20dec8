// npm run docs: makes the generated parts of doc/ anew; a test holds them against what is committed.
import { bundleAndRun } from './bundle-and-run.mjs';

process.exitCode = await bundleAndRun('test/docs/main.ts', []);
