// What kbuild printed for modules with faults: lines of real builds, and the places they lead to.
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import test, { after } from 'node:test';
import { BuildOutput, isBuildCommand } from '../../../src/host/extension/model/buildOutput';
import { placesOfBuild } from '../../../src/host/places/buildPlaces';
import type { BuildMessage } from '../../../src/protocol/build';

const root = mkdtempSync(path.join(os.tmpdir(), 'insmod-lens-build-'));
after(() => rmSync(root, { recursive: true, force: true }));

const SOURCES: Readonly<Record<string, string>> = {
  Makefile: 'obj-m := nolicense.o gpl.o undef.o multi.o lost.o\nmulti-y := multi_a.o sub/multi_b.o\n',
  'nolicense.c': '#include <linux/module.h>\nmodule_init(no_init);\n',
  'gpl.c': 'static int gpl_init(void)\n{\n\treturn device_del(0);\n}\n',
  'undef.c':
    'extern void not_there(void);\n#define CALL() nor_there()\nvoid f(void)\n{\n\tnot_there();\n\tCALL();\n}\n',
  'multi_a.c': 'void helper(void);\nvoid a(void) { helper(); }\n',
  'sub/multi_b.c': '\nvoid helper(void) { missing_in_b(); }\n',
  'modules.order': 'nolicense.o\ngpl.o\n',
};
mkdirSync(path.join(root, 'sub'));
for (const [name, text] of Object.entries(SOURCES)) writeFileSync(path.join(root, name), text);

/** What is found in the output of a build in `root`: source, severity, place below `root`, message. */
async function found(output: string, chunk = output.length): Promise<string[]> {
  const build = new BuildOutput(root);
  const messages: BuildMessage[] = [];
  for (let at = 0; at < output.length; at += chunk) messages.push(...build.read(output.slice(at, at + chunk)));
  messages.push(...build.end());
  const places = await placesOfBuild(root, messages);
  return messages.map(({ source, severity, message }, index) => {
    const place = places[index];
    const where = place ? `${path.relative(root, place.file)}:${place.line}:${place.column}` : 'nowhere';
    return `${source} ${severity} ${where} ${message}`;
  });
}

/** Before 6.13 kbuild works in the kernel's directory and names files of the module by their whole paths. */
const IN_KERNEL = `make -C /lib/modules/6.1.0-50-amd64/build M=${root} modules
make[1]: Entering directory '/usr/src/linux-headers-6.1.0-50-amd64'
  CC [M]  ${root}/gpl.o
  MODPOST ${root}/Module.symvers
ERROR: modpost: missing MODULE_LICENSE() in ${root}/nolicense.o
ERROR: modpost: GPL-incompatible module gpl.ko uses GPL-only symbol 'device_del'
ERROR: modpost: module gpl uses symbol device_del from namespace DRIVER, but does not import it.
ERROR: modpost: "not_there" [${root}/undef.ko] undefined!
ERROR: modpost: "nor_there" [${root}/undef.ko] undefined!
ERROR: modpost: "missing_in_b" [${root}/multi.ko] undefined!
make[2]: *** [/usr/src/linux-headers-6.1.0-50-common/scripts/Makefile.modpost:127: ${root}/Module.symvers] Error 1
make[1]: Leaving directory '/usr/src/linux-headers-6.1.0-50-amd64'
make: *** [Makefile:5: all] Error 2
`;

test('modpost names modules, and each message stands in their sources', async () => {
  const expected = [
    'modpost error nolicense.c:2:1 missing MODULE_LICENSE() in ',
    "modpost error gpl.c:3:9 GPL-incompatible module gpl.ko uses GPL-only symbol 'device_del'",
    'modpost error gpl.c:3:9 module gpl uses symbol device_del from namespace DRIVER, but does not import it.',
    'modpost error undef.c:5:2 "not_there" ',
    'modpost error undef.c:6:2 "nor_there" ',
    'modpost error sub/multi_b.c:2:21 "missing_in_b" ',
  ];
  const all = await found(IN_KERNEL);
  assert.equal(all.length, expected.length, all.join('\n'));
  all.forEach((line, index) => assert.ok(line.startsWith(expected[index] ?? '?'), `${line}\n${expected[index] ?? ''}`));
  // Output comes in pieces that do not end where lines do.
  for (const chunk of [1, 7, 64]) assert.deepEqual(await found(IN_KERNEL, chunk), all);
  assert.deepEqual(await found(IN_KERNEL.replaceAll('\n', '\r\n')), all);
});

test('5.10 stops at the first symbol that is for the GPL only, and calls it fatal', async () => {
  assert.deepEqual(await found("FATAL: modpost: GPL-incompatible module gpl.ko uses GPL-only symbol 'device_del'\n"), [
    "modpost error gpl.c:3:9 GPL-incompatible module gpl.ko uses GPL-only symbol 'device_del'",
  ]);
});

test('from 6.13 on kbuild works in the directory of the module, and names are relative to it', async () => {
  const output = `make[1]: Entering directory '/usr/src/linux-headers-6.16'
make[2]: Entering directory '${root}'
sub/multi_b.c: In function 'helper':
\u001b[01m\u001b[Ksub/multi_b.c:2:21:\u001b[m\u001b[K \u001b[01;31m\u001b[Kerror: \u001b[m\u001b[Kimplicit declaration of function 'missing_in_b'
    2 | void helper(void) { missing_in_b(); }
multi_a.c:1:6: note: declared here
ERROR: modpost: "not_there" [undef.ko] undefined!
undef.o: warning: objtool: f+0x4: unannotated intra-function call
WARNING: modpost: undef: section mismatch in reference: f+0x5 (section: .text) -> gpl_init (section: .init.text)
make[2]: Leaving directory '${root}'
`;
  assert.deepEqual(await found(output), [
    "compiler error sub/multi_b.c:2:21 implicit declaration of function 'missing_in_b'",
    'compiler note multi_a.c:1:6 declared here',
    'modpost error undef.c:5:2 "not_there" [undef.ko] undefined!',
    'objtool warning undef.c:3:6 f+0x4: unannotated intra-function call',
    'modpost warning undef.c:3:6 undef: section mismatch in reference: f+0x5 (section: .text) -> gpl_init (section: .init.text)',
  ]);
});

test('columns of GCC are those of a terminal, and clang counts bytes', async () => {
  const [name, row] = ["call to undeclared function 'device_del'", 'gpl.c:3'];
  assert.deepEqual(await found(`${row}:16: error: ${name}\n${row}:9: error: ${name}\n${row}:2: note: to clang\n`), [
    `compiler error gpl.c:3:9 ${name}`,
    `compiler error gpl.c:3:9 ${name}`,
    'compiler note gpl.c:3:2 to clang',
  ]);
});

test('what make itself says stands in the Makefile', async () => {
  const output = `make[2]: *** No rule to make target '${root}/lost.o', needed by '${root}/'.  Stop.
Makefile:2: *** missing separator.  Stop.
make: *** [Makefile:5: all] Error 2
`;
  assert.deepEqual(await found(output), [
    `make error Makefile:1:44 No rule to make target '${root}/lost.o', needed by '${root}/'.`,
    'make error Makefile:2:1 missing separator.',
  ]);
});

test('what is no message, and files that are not there', async () => {
  assert.deepEqual(
    await found('In file included from gpl.c:1:\n                 from undef.c:2:\n  CC [M]  gpl.o\n'),
    [],
  );
  assert.deepEqual(await found('/nowhere/x.c:1:2: error: gone\n'), ['compiler error nowhere gone']);
  // A module nobody knows: the list of modules is as near as it gets.
  assert.deepEqual(await found('ERROR: modpost: "a" [other.ko] undefined!\n'), [
    'modpost error Makefile:1:1 "a" [other.ko] undefined!',
  ]);
});

test('commands that build', () => {
  for (const line of [
    'make',
    'make -j4 modules',
    'cd drv && make',
    'CC=clang make',
    'sudo make install',
    'bear -- make',
    'dkms build x/1',
  ])
    assert.ok(isBuildCommand(line), line);
  for (const line of ['makepkg', 'vim Makefile', 'grep make .', 'cat make.log']) assert.ok(!isBuildCommand(line), line);
});
