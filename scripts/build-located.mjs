// Builds the modules of test/locate anew; wants the 6.1 kernel of the lab (see test/kernel/README.md).
import { bundleAndRun } from './bundle-and-run.mjs';

process.exit(await bundleAndRun('test/locate/build.ts', []));
