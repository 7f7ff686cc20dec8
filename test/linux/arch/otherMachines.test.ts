// Modules of machines whose relocations are not simulated: the target opens, nothing that cannot be known is said, and the command
// ends with status 3.
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import test, { after } from 'node:test';
import { readTarget } from '../../../src/host/node/targets';
import { System } from '../../../src/index';
import { ArchKo } from '../../kernel/arch/archKo';
import { turnedAround } from '../../kernel/arch/turnedAround';
import { archRecordedReleases, fixturesDir } from '../../kernel/lib/paths';
import { readFixtureModule, toHex, type Patch } from '../../kernel/lib/recipe';
import { insmodLens } from '../../support/command';

const scratch = mkdtempSync(path.join(tmpdir(), 'insmod-lens-'));
after(() => rmSync(scratch, { recursive: true }));

/** Kernels whose fixtures have the class and byte order. */
const LIKE = { '64le': '-arm64', '64be': '-s390x', '32le': '-armmp', '32be': '-4kc-malta' } as const;

/** The machine in elf.h, what its configuration says of it, and what its vermagic ends with. */
const MACHINES: readonly (readonly [
  name: string,
  machine: number,
  like: keyof typeof LIKE,
  options: string,
  words?: string,
])[] = [
  ['sparc64', 43, '64be', 'SPARC SPARC64 64BIT CPU_BIG_ENDIAN'],
  ['sparc', 2, '32be', 'SPARC SPARC32 CPU_BIG_ENDIAN'],
  ['alpha', 0x9026, '64le', 'ALPHA 64BIT'],
  ['parisc64', 15, '64be', 'PARISC 64BIT CPU_BIG_ENDIAN'],
  ['parisc', 15, '32be', 'PARISC CPU_BIG_ENDIAN'],
  ['sh', 42, '32le', 'SUPERH SUPERH32 CPU_LITTLE_ENDIAN', 'SH4 '],
  ['m68k', 4, '32be', 'M68K CPU_BIG_ENDIAN'],
  ['microblaze', 189, '32le', 'MICROBLAZE CPU_LITTLE_ENDIAN'],
  ['microblaze, big-endian', 189, '32be', 'MICROBLAZE CPU_BIG_ENDIAN'],
  ['nios2', 113, '32le', 'NIOS2'],
  ['csky', 252, '32le', 'CSKY'],
  ['hexagon', 164, '32le', 'HEXAGON', 'HEXAGON '],
  ['arc', 195, '32le', 'ARC ISA_ARCV2', 'ARC700'],
  ['openrisc', 92, '32be', 'OPENRISC'],
  ['xtensa', 94, '32le', 'XTENSA', 'xtensa-dc232b '],
  ['ia64', 50, '64le', 'IA64 64BIT', 'ia64'],
  ['powerpc', 20, '32be', 'PPC PPC32 CPU_BIG_ENDIAN', ''],
  ['powerpc64, big-endian', 21, '64be', 'PPC PPC64 64BIT CPU_BIG_ENDIAN', ''],
  ['riscv32', 243, '32le', 'RISCV 32BIT', 'riscv'],
  ['a machine of tomorrow', 0x7777, '64le', '64BIT'],
];

const RELEASE = '6.1.7-other';

/** The fixture as that machine's, with its vermagic. */
function moduleOf(ko: ArchKo, machine: number, like: keyof typeof LIKE, words: string): Uint8Array {
  const modinfo = ko.section('.modinfo');
  const text = Buffer.from(ko.bytes.subarray(modinfo.sh_offset, modinfo.sh_offset + modinfo.sh_size)).toString(
    'latin1',
  );
  const at = text.indexOf('vermagic=');
  const length = text.indexOf('\0', at) - at;
  const vermagic = `vermagic=${RELEASE} SMP mod_unload ${words}`.padEnd(length, '\0');
  assert.equal(vermagic.length, length);
  const patches: Patch[] = [
    [modinfo.sh_offset + at, toHex(Buffer.from(vermagic, 'latin1'))],
    ko.set('ehdr', 0, 'e_machine', machine),
    ko.set('ehdr', 0, 'e_flags', 0),
  ];
  const little = patchedBytes(ko, patches);
  return like === '32be' ? turnedAround(new ArchKo(ko.fixture, little)) : little;
}

function patchedBytes(ko: ArchKo, patches: readonly Patch[]): Uint8Array {
  const bytes = Uint8Array.from(ko.bytes);
  for (const [at, hex] of patches) bytes.set(Buffer.from(hex, 'hex'), at);
  return bytes;
}

/** A build directory that exports what the fixture uses. */
function headersOf(name: string, options: string, ko: ArchKo): string {
  const root = path.join(scratch, name.replaceAll(/\W+/g, '-'));
  mkdirSync(path.join(root, 'include/config'), { recursive: true });
  mkdirSync(path.join(root, 'include/generated'), { recursive: true });
  const set = ['MODULES', 'SMP', 'MODULE_UNLOAD', ...options.split(' ')].map(option => `CONFIG_${option}=y\n`);
  writeFileSync(path.join(root, 'include/config/auto.conf'), set.join(''));
  writeFileSync(path.join(root, 'include/generated/utsrelease.h'), `#define UTS_RELEASE "${RELEASE}"\n`);
  const rows = ko.symbolNames
    .filter(symbol => symbol !== '')
    .map(symbol => `0x0\t${symbol}\tvmlinux\tEXPORT_SYMBOL\t\n`);
  writeFileSync(path.join(root, 'Module.symvers'), rows.join(''));
  return root;
}

for (const [name, machine, like, options, words = ''] of MACHINES)
  void test(`${name}: everything but relocations is simulated, and the verdict is unchecked`, async () => {
    const release = archRecordedReleases().find(each => each.startsWith('6.1.') && each.endsWith(LIKE[like]));
    assert.ok(release);
    const ko = new ArchKo('paramkinds', readFixtureModule(fixturesDir(release), { fixture: 'paramkinds' }));
    const headers = headersOf(name, options, ko);
    const facts = await readTarget(headers);
    assert.equal(facts.arch, `other${like.slice(0, 2)}${like.endsWith('be') ? 'be' : ''}`);
    const bytes = moduleOf(ko, machine, like, words);
    const result = new System(facts).insmod({ path: 'paramkinds.ko', bytes }, 'p_int=5');
    assert.equal(result.verdict, 'unchecked', JSON.stringify(result.findings));
    assert.equal(result.errno, 0);
    assert.deepEqual(
      result.findings.filter(({ severity }) => severity === 'error'),
      [],
    );
    assert.ok(result.layout.coresize > 0);
    assert.ok(result.stages.some(({ name, outcome }) => name === 'apply_relocations' && outcome === 'not-checked'));

    const file = path.join(headers, 'paramkinds.ko');
    writeFileSync(file, bytes);
    const run = await insmodLens('insmod', '--kernel', headers, file);
    assert.equal(run.status, 3, run.stdout + run.stderr);
  });
