// npm start: builds, shows what the command says of the sample modules, then opens the sample workspace in VS Code.
//   npm start -- --no-editor     stops after the verdicts
//   npm start -- --editor        opens the editor even where nobody seems to sit at a terminal
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { buildBundles } from './build.mjs';
import { bundleAndRun } from './bundle-and-run.mjs';
import { askToInstall } from './consent.mjs';
import { installPackages, root } from './setup.mjs';

const unknown = process.argv.slice(2).filter(argument => !/^--(?:no-)?editor$/.test(argument));
if (unknown.length > 0) {
  console.error(`npm start: unknown option ${unknown.join(' ')} (there are --no-editor and --editor)`);
  process.exit(2);
}

const begin = Date.now();
installPackages();
console.log('Building ...');
await buildBundles();
const built = Date.now();

const workspace = 'media/workspace';
const kernel = `${workspace}/kernels/debian-12.kernel.json.br`;
const sessions = [
  [
    'A module that loads; a parameter it has, and one it does not have:',
    ['insmod', '--kernel', kernel, `${workspace}/greeter/greeter.ko`, 'whom=you', 'tims=2'],
  ],
  ['A module that is refused, for three reasons:', ['insmod', '--kernel', kernel, `${workspace}/trouble/trouble.ko`]],
];

console.log(`The sample modules in ${workspace}/ (sources beside them), against the facts of a Debian 12 kernel.`);
console.log('Nothing is loaded: these are the lines dmesg and insmod would print.');
for (const [title, args] of sessions) {
  console.log(`\n${title}\n$ node dist/cli.js ${args.join(' ')}`);
  const run = spawnSync(process.execPath, [path.join(root, 'dist', 'cli.js'), ...args], {
    cwd: root,
    stdio: 'inherit',
  });
  console.log(`(exit status ${run.status})`);
  // 1 is the kernel's own refusal; anything above means that the command itself does not work here.
  if (run.status === null || run.status > 1) process.exitCode = 1;
}
const seconds = milliseconds => (milliseconds / 1000).toFixed(1);
console.log(`\nBuilt in ${seconds(built - begin)} s, both verdicts in ${seconds(Date.now() - built)} s.`);
console.log('Your own module:  node dist/cli.js insmod path/to/module.ko      More:  node dist/cli.js --help\n');

const [wanted] = process.argv.slice(2);
const attended = process.stdout.isTTY && !process.env.CI;
if (wanted === '--editor' || (wanted === undefined && attended)) {
  await askToInstall('a compiler and python3, which the editor server is built with,');
  // The editor's own machinery ends with Ctrl-C; this must outlive it, to end with it.
  process.on('SIGINT', () => undefined);
  process.exitCode ||= await bundleAndRun('test/editor/start.ts', [], { external: ['playwright-core'] });
} else if (wanted === undefined) {
  console.log('Nobody is at a terminal: the editor is left out. `npm start -- --editor` opens it.');
}
