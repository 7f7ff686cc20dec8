// npm start: builds the command and shows what it does on the sample module, as a terminal session.
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { buildBundles } from './build.mjs';
import { root } from './setup.mjs';

await buildBundles();

const kernel = 'media/sample/kernel.json.br';
const module = 'media/sample/hello.ko';
const sessions = [
  [
    'A module, a parameter it has, and one it does not have:',
    ['insmod', '--kernel', kernel, module, 'whom=you', 'tims=2'],
  ],
  ['A value the kernel refuses:', ['insmod', '--kernel', kernel, module, 'times=many']],
];

console.log('The sample module media/sample/hello.ko (source beside it), against the facts of a Debian 12 kernel.');
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
console.log('\nYour own module:  node dist/cli.js insmod path/to/module.ko      More:  node dist/cli.js --help');
