// doc/cli.md: what the command says of itself, with what it cannot say in a line.
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { STATUS_MEANINGS } from '../../src/host/cli/exitStatus';
import { repositoryRoot } from '../kernel/lib/paths';

const INTRODUCTION = `# The command insmod-lens

Made by \`npm run docs\` from the command's own help. After \`npm run build\` the command is \`dist/cli.js\`;
\`npm link\` puts it on the PATH as \`insmod-lens\`.

**Targets.** \`--kernel\` takes a kernel build directory (a headers package or a built tree), a \`/lib/modules/RELEASE\`
directory, a \`vmlinux\`, or a snapshot made by \`insmod-lens capture\`. Given several times, there is one result for each.
Without it the target is the tree the module was built against, as its \`.cmd\` files or its Makefile name it, else the
running kernel's.

${exitStatus()}

**Output.** Text is what \`dmesg\` and \`insmod\` would print. \`--format json\` prints an object for each target (an array for
several): \`schema\`, \`module\`, \`kernel\`, \`verdict\` (\`loads\`, \`refused\` or \`unchecked\`), \`errno\`, \`errnoName\`, \`insmod\`, \`log\`, \`taints\`,
\`stages\`, \`layout\`, \`params\`, \`depends\`, \`symbols\`, \`findings\`. Codes of findings are those of [their pages](findings/README.md).
What could not be checked because a fact about the target is missing is a stage with the outcome \`not-checked\`, and a line on
standard error; it never passes silently.

**Facts.** The texts in JSON are English sentences. Programs should read the data they are made of instead: each finding has
\`facts\` (for \`symbol-version\`: \`module\`, \`symbol\`, \`wanted\`, \`found\`, \`owner\`, \`problem\`), and each stage has \`reasons\`, its
notes as \`{ "id", "facts" }\` in the order of \`notes\`. The code or id determines which facts there are. Facts are plain JSON:
sizes, errnos and CRCs are numbers, 64-bit values and addresses are hexadecimal strings that begin with \`0x\`, and a fact that
is itself a note is an object of the same form.
`;

/** One paragraph in the width of the rest. */
function exitStatus(): string {
  const words = STATUS_MEANINGS.map(([status, meaning]) => `${status}: ${meaning}.`).join(' ');
  return `**Exit status.** ${words}`.replace(/(.{1,125})(?: |$)/g, '$1\n').trimEnd();
}

/** The page; the command has to be built. */
export function cliReference(): string {
  const overview = help();
  const list = overview.slice(overview.indexOf('\nCommands:'));
  const commands = [...list.matchAll(/^ {2}(\w+)/gm)].map(match => match[1] ?? '').filter(name => name !== 'help');
  const parts = commands.map(name => `## insmod-lens ${name}\n\n${fenced(help(name))}`);
  return [INTRODUCTION, ...parts].join('\n');
}

function help(...command: readonly string[]): string {
  const cli = path.join(repositoryRoot(), 'dist', 'cli.js');
  const env = { ...process.env, NO_COLOR: '1', FORCE_COLOR: '0' };
  return spawnSync(process.execPath, [cli, 'help', ...command], { encoding: 'utf8', env }).stdout.trimEnd();
}

function fenced(text: string): string {
  return '```text\n' + text + '\n```\n';
}
