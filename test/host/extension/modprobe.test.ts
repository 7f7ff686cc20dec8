// modprobe of modules that were built and not installed: what they need is found beside them, among the modules of the
// workspace, or in the target's modules directory, with or without depmod's indexes.
import { noteText } from '../../../src/findings/notes';
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import test, { after, beforeEach } from 'node:test';
import { modprobe } from '../../../src/host/extension/worker/modprobe';
import { fixture, snapshotOf } from '../../support/recorded';

const directory = mkdtempSync(path.join(os.tmpdir(), 'insmod-lens-modprobe-'));
const modules = path.join(directory, 'modules');
after(() => rmSync(directory, { recursive: true, force: true }));
beforeEach(() => {
  rmSync(directory, { recursive: true, force: true });
  mkdirSync(path.join(directory, 'own'), { recursive: true });
  mkdirSync(path.join(modules, 'kernel'), { recursive: true });
});

/** Writes a fixture, with a string of its .modinfo in place of the description, and returns its path. */
function place(name: string, where: string, modinfo?: string): string {
  const bytes = Buffer.from(fixture('6.1', name).bytes);
  const description = 'description=module loader test fixture';
  if (modinfo !== undefined)
    bytes.write(modinfo.padEnd(description.length, '\0'), bytes.indexOf(`\0${description}\0`) + 1, 'latin1');
  const file = path.join(directory, where);
  writeFileSync(file, bytes);
  return file;
}

interface Probed {
  readonly commands: readonly string[];
  readonly toolLine: string | null;
  readonly notes: readonly string[];
}

async function probe(
  file: string,
  options: { known?: string[]; modules?: string; args?: string } = {},
): Promise<Probed> {
  const target = { path: snapshotOf('6.1'), ...(options.modules === undefined ? {} : { modules: options.modules }) };
  const request = { path: file, targets: [target], args: options.args ?? '', cmdline: '', loaded: [] };
  const [answer] = await modprobe({ ...request, known: options.known ?? [] });
  assert.ok(answer);
  const commands = answer.steps.map(({ command, errno }) => (errno === 0 ? command : `${command} (${errno})`));
  return { commands, toolLine: answer.steps.at(-1)?.toolLine ?? null, notes: answer.notes.map(note => noteText(note)) };
}

test('beside the module, what is needed first', async () => {
  const exporter = place('exporter', 'own/exporter.ko');
  const chain = place('chain', 'own/chain.ko');
  const user = place('chainuser', 'own/chainuser.ko');
  assert.deepEqual(await probe(user, { args: 'x=1' }), {
    commands: [`insmod ${exporter}`, `insmod ${chain}`, `insmod ${user} x=1`],
    toolLine: null,
    notes: [],
  });
});

test('elsewhere in the workspace', async () => {
  mkdirSync(path.join(directory, 'other'));
  const exporter = place('exporter', 'other/exporter.ko');
  const chain = place('chain', 'own/chain.ko');
  assert.deepEqual((await probe(chain, { known: [exporter] })).commands, [`insmod ${exporter}`, `insmod ${chain}`]);
});

test('in a modules directory where depmod never ran', async () => {
  const exporter = place('exporter', 'modules/kernel/exporter.ko');
  const chain = place('chain', 'own/chain.ko');
  assert.deepEqual((await probe(chain, { modules })).commands, [`insmod ${exporter}`, `insmod ${chain}`]);
});

test('by the indexes of a modules directory, soft dependencies and aliases included', async () => {
  const exporter = place('exporter', 'modules/kernel/exporter.ko');
  const minimal = place('minimal', 'modules/kernel/minimal.ko');
  writeFileSync(
    path.join(modules, 'modules.dep'),
    'kernel/exporter.ko: kernel/minimal.ko\nkernel/minimal.ko:\nkernel/percpu.ko:\n',
  );
  writeFileSync(path.join(modules, 'modules.alias'), 'alias something-* percpu\n');
  const percpu = place('percpu', 'modules/kernel/percpu.ko');
  const chain = place('chain', 'own/chain.ko', 'softdep=post: something-x');
  assert.deepEqual((await probe(chain, { modules })).commands, [
    `insmod ${minimal}`,
    `insmod ${exporter}`,
    `insmod ${chain}`,
    `insmod ${percpu}`,
  ]);
});

test('the module that was built, not the one of that name that is installed', async () => {
  place('chain', 'modules/kernel/chain.ko');
  const exporter = place('exporter', 'modules/kernel/exporter.ko');
  writeFileSync(path.join(modules, 'modules.dep'), 'kernel/chain.ko: kernel/exporter.ko\nkernel/exporter.ko:\n');
  const chain = place('chain', 'own/chain.ko');
  assert.deepEqual((await probe(chain, { modules })).commands, [`insmod ${exporter}`, `insmod ${chain}`]);
});

test('what is refused, and what is not there', async () => {
  const chain = place('chain', 'own/chain.ko');
  assert.deepEqual(await probe(chain), {
    commands: [`insmod ${chain} (2)`],
    toolLine: "modprobe: ERROR: could not insert 'chain': Unknown symbol in module, or unknown parameter (see dmesg)",
    notes: ["chain depends on exporter, which was found neither beside it nor among the target's modules."],
  });
});

test('a soft dependency that is refused is passed over; modules that need each other end', async () => {
  const broken = place('unresolved', 'own/unresolved.ko');
  const chain = place('chain', 'own/chain.ko', 'softdep=pre: unresolved');
  const exporter = place('exporter', 'own/exporter.ko', 'depends=chain');
  assert.deepEqual((await probe(chain)).commands, [`insmod ${exporter}`, `insmod ${broken} (2)`, `insmod ${chain}`]);
});
