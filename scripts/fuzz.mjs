// npm run fuzz: bundles the fuzzers with counters in the code they search, then runs them.
//   npm run fuzz                                        an hour, every target, on two cores
//   npm run fuzz -- dwarf elf --seconds 60 --seed 7
//   npm run fuzz -- stock --fresh --runs 10000          mutants of the distribution's modules, where there are any
//   npm run fuzz -- groups --blind --runs 200000        mutants of the seeds alone, without counters: half the time
//   npm run fuzz -- elf --input FILE                    one input once more
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { installPackages, root } from './setup.mjs';

installPackages();
const { build } = await import('esbuild');
const { copyGrammar } = await import('./build.mjs');
const { COUNTERS, instrument } = await import('./instrument.mjs');
const out = path.join(root, '.build', 'fuzz');
const blind = process.argv.includes('--blind');
const { plugin, found } = instrument({ counting: !blind });
copyGrammar(path.join(out, 'wasm'));
const MOST_BRANCHES = 1 << 16;
await build({
  entryPoints: [path.join(root, 'test', 'fuzz', 'main.ts')],
  outfile: path.join(out, 'main.js'),
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'cjs',
  sourcemap: 'inline',
  sourcesContent: false,
  logLevel: 'warning',
  plugins: [plugin],
  banner: { js: `const ${COUNTERS} = (globalThis.${COUNTERS} ??= new Uint32Array(${MOST_BRANCHES}));` },
});
if (found.branches > MOST_BRANCHES) throw new Error(`${found.branches} branches are more than there are counters`);
const instrumented = { branches: blind ? 0 : found.branches, words: [...found.words], numbers: [...found.numbers] };
writeFileSync(path.join(out, 'instrumented.json'), JSON.stringify(instrumented));
const args = process.argv.slice(2).map(argument => (argument === '--blind' ? '--fresh' : argument));
const run = spawnSync(process.execPath, ['--enable-source-maps', path.join(out, 'main.js'), ...args], {
  cwd: root,
  stdio: 'inherit',
});
process.exitCode = run.status ?? 1;
