// npm run pictures: photographs the sample workspace in a real VS Code, for the walkthrough and the documentation.
import { makePackage } from './package.mjs';
import { bundleAndRun } from './bundle-and-run.mjs';

const { packagePath } = await makePackage();
process.exitCode = await bundleAndRun('test/editor/pictures.ts', [packagePath], { external: ['playwright-core'] });
