// A kernel with backports: what its headers declare decides, whatever its release says.
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import test, { after } from 'node:test';
import { deriveFeatures } from '../../src/linux/deriveFeatures';
import { rowsOf } from '../../src/linux/generations';
import { openTarget } from '../../src/index';
import { parseSnapshot, snapshotText } from '../../src/target/snapshot';

const root = mkdtempSync(path.join(tmpdir(), 'insmod-lens-headers-'));
after(() => rmSync(root, { recursive: true }));

/** A headers package of 6.1 in two parts, as Debian has them, with these headers in the common one. */
async function open(name: string, headers: Readonly<Record<string, string>>) {
  const build = path.join(root, name, 'linux-headers-6.1.0-9-amd64');
  const common = path.join(root, name, 'linux-headers-6.1.0-9-common');
  const write = (file: string, text: string): void => {
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, text);
  };
  write(path.join(build, 'Module.symvers'), '0x12345678\tkfree\tvmlinux\tEXPORT_SYMBOL\t\n');
  write(path.join(build, 'include/config/auto.conf'), 'CONFIG_X86_64=y\nCONFIG_X86=y\nCONFIG_MODULES=y\n');
  write(path.join(build, 'include/generated/utsrelease.h'), '#define UTS_RELEASE "6.1.0-9-amd64"\n');
  write(path.join(build, 'Makefile'), 'include /usr/src/linux-headers-6.1.0-9-common/Makefile\n');
  for (const [file, text] of Object.entries(headers)) write(path.join(common, file), text);
  return openTarget(build);
}

const MODULE_H = '#define MODULE_IMPORT_NS(ns)\tMODULE_INFO(import_ns, __stringify(ns))\n';

test('without headers the release decides, and says so', async () => {
  const facts = await open('plain', {});
  assert.deepEqual(rowsOf(facts).regionsByType, { has: false, by: 'release' });
  assert.equal(deriveFeatures(facts).regionsByType, false);
});

test('memory by type was taken over: the loader lays out as later ones do', async () => {
  const facts = await open('memory', { 'include/linux/module.h': `${MODULE_H}struct module_memory {\n};\n` });
  assert.deepEqual(rowsOf(facts).regionsByType, { has: true, by: 'probe' });
  assert.equal(deriveFeatures(facts).regionsByType, true);
  // Nothing else changed with it.
  assert.equal(deriveFeatures(facts).namespaceIsString, false);
});

test('namespaces became strings, and export tables got flags', async () => {
  const facts = await open('exports', {
    'include/linux/module.h': '#define MODULE_IMPORT_NS(ns)\tMODULE_INFO(import_ns, ns)\n',
    'include/linux/export-internal.h': '#define KSYMTAB_FLAGS(sym, flags)\t.section "__kflagstab"\n',
  });
  const { namespaceIsString, exportTables, regionsByType } = deriveFeatures(facts);
  assert.deepEqual([namespaceIsString, exportTables, regionsByType], [true, [''], false]);
});

test('the flag for compressed files was taken out: finit_module does not know it', async () => {
  const facts = await open('flags', {
    'include/linux/module.h': MODULE_H,
    'include/uapi/linux/module.h': '#define MODULE_INIT_IGNORE_VERMAGIC\t2\n',
  });
  assert.equal(deriveFeatures(facts).finitFlags, 3);
});

test('a snapshot keeps what the headers declared', async () => {
  const facts = await open('kept', { 'include/linux/module.h': `${MODULE_H}struct module_memory {\n};\n` });
  const read = parseSnapshot(snapshotText(facts));
  assert.ok(read.ok);
  assert.equal(deriveFeatures(read.facts).regionsByType, true);
});
