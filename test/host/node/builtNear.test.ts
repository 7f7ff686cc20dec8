// Modules that were built together, by the files that kbuild leaves.
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import test, { after } from 'node:test';
import { builtNear } from '../../../src/host/node/needs/builtNear';

const directory = mkdtempSync(path.join(tmpdir(), 'insmod-lens-'));
after(() => rmSync(directory, { recursive: true }));

function write(name: string, text: string): string {
  const file = path.join(directory, name);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, text);
  return file;
}

const provider = write('provider/provider.ko', '');
const symvers = write('provider/Module.symvers', `0x1\tprovided\t${directory}/provider/provider\tEXPORT_SYMBOL\t\n`);
const user = write('user/user.ko', '');
const beside = write('user/beside.ko', '');
write('user/.Module.symvers.cmd', `savedcmd_Module.symvers := scripts/mod/modpost -m -i ${symvers} -T modules.order\n`);

test('what lies beside a module, and what it was given symbols of', () => {
  assert.deepEqual(builtNear(user, '').sort(), [provider, beside, user].sort());
});

test('a directory that would have to be mounted is not looked at, whoever names it', () => {
  const mounts = `auto.direct ${directory}/provider autofs rw 0 0\n`;
  assert.deepEqual(builtNear(user, mounts).sort(), [beside, user].sort());
});
