// What an image alone tells, held against the headers package of the same build: every export, and all else that both have.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { DISK } from '../../src/host/node/targetFiles';
import { unpackKernel } from '../../src/host/node/unpackKernel';
import { configByEvidence } from '../../src/target/build/configByEvidence';
import { readOwnModule } from '../../src/target/build/ownModules';
import { parseConfig } from '../../src/target/config';
import type { ExportTable } from '../../src/target/exportTable';
import { readImage, type ImageFacts } from '../../src/target/image/imageFacts';
import { parseSymvers } from '../../src/target/symvers';
import { rowsOf, type RowName } from '../../src/linux/generations';
import { archOfConfig, archOfImage } from '../../src/linux/arch/index';
import evidence from '../target/image/evidence.json';
import { leftOut } from '../support/leftOut';
import { archLabKernel } from './arch/kernels';
import { ensureArchKernel, ensureKernel } from './lib/ensureKernel';
import { labKernel, labRelease, type LabKernel } from './lib/kernels';

/** Packings and forms of tables: xz and zstd, ELF files and images, distances and addresses, flags and separate tables. */
const KERNELS = ['5.10', '6.1', '6.12', '7.2', 'arm64-6.1', 'arm64-7.2', 'i386-6.1', 'riscv64-6.12'];
/** Big-endian tables, addresses whose low half is 0, and more: asked where they are at hand, since each is long to fetch. */
const AT_HAND = ['s390x-6.1', 's390x-7.2', 'ppc64el-6.1', 'ppc64el-7.2', 'armhf-6.12', 'arm64-6.12', 'riscv64-7.2'];
/** Kernels of 32 bits have no BTF, and some others. */
const WITHOUT_BTF = new Set(['i386-6.1', 's390x-6.1', 'armhf-6.1', 'ppc64el-6.1', 'armhf-6.12']);

const isPc = (key: string): boolean => !key.includes('-');

for (const key of [...KERNELS, ...AT_HAND]) {
  void test(`the image of Debian's ${key} says what its headers say`, async t => {
    const missing = AT_HAND.includes(key) ? whyNotAtHand(key) : isPc(key) ? ensureKernel(key) : ensureArchKernel(key);
    if (missing !== null) {
      t.skip(missing);
      return;
    }
    const kernel: LabKernel = isPc(key) ? labKernel(key) : archLabKernel(key);
    const image = await readImage(readFileSync(kernel.vmlinuz), unpackKernel);
    assert.ok(!('id' in image), 'the image can be read');
    const listed = parseSymvers(readFileSync(path.join(kernel.headers, 'Module.symvers')));
    assert.deepEqual(listOf(parseSymvers(image.exports?.symvers ?? new Uint8Array())), listOf(listed));
    const config = parseConfig(readFileSync(path.join(kernel.headers, 'include/config/auto.conf')));
    const own = await readOwnModule(kernel.modules, kernel.release, DISK);
    assert.ok(own, "one of the kernel's own modules can be read");
    assert.equal(image.release, kernel.release);
    assert.equal(image.vermagic, own.vermagic);
    assert.equal(archOfImage(image).name, archOfConfig(config).name);
    const { size, init, exit } = own.structModule;
    assert.deepEqual(image.structModule, WITHOUT_BTF.has(key) ? null : { size, init, exit });
    assert.deepEqual(image.certificates?.length, 1, 'the key of the build');
    assertConfig(image, config, key);
    assertRows(image, key);
    if (image.release in evidence) assert.deepEqual(JSON.parse(JSON.stringify(image.evidence)), KNOWN[image.release]);
  });
}

function whyNotAtHand(key: string): string | null {
  if (labRelease(key) !== null) return null;
  return leftOut(`the image of Debian's ${key}`, `npm run test:kernel -- ${key} fetches it`);
}

const KNOWN: Readonly<Record<string, unknown>> = evidence;

/** Rows that only kernels of one architecture are asked about. */
const OF_ARCH: Readonly<Partial<Record<RowName, string>>> = {
  relocationValueFirst: 'x86_64',
  relocationNamesSection: 'x86_64',
  arm64InitTrampoline: 'arm64',
  riscvAccumulates: 'riscv64',
};
/** Texts and types that only some configurations have, by the option; without it nobody asks. */
const OF_OPTION: Readonly<Partial<Record<RowName, string>>> = { btfBase: 'DEBUG_INFO_BTF_MODULES' };

/** What the image says of its generation is what the release says: these kernels are what their releases are in mainline. */
function assertRows(image: ImageFacts, key: string): void {
  const { release, evidence: found } = image;
  const shown = configByEvidence(image);
  const asked = rowsOf({ release, image: found });
  const told = rowsOf({ release });
  const differing = (Object.keys(asked) as RowName[]).filter(row => {
    if (asked[row].by !== 'probe' || asked[row].has === told[row].has) return false;
    const option = OF_OPTION[row];
    if (option !== undefined && shown[option] !== 'y') return false;
    return (OF_ARCH[row] ?? archOfImage(image).name) === archOfImage(image).name;
  });
  assert.deepEqual(differing, [], key);
  const probes = Object.values(asked).filter(({ by }) => by === 'probe').length;
  assert.ok(probes >= (image.btf ? 20 : 10), `${probes} rows are decided by the image`);
}

/** What vmlinux exports, by name. */
function listOf(table: ExportTable): string[] {
  const rows: string[] = [];
  for (let i = 0; i < table.size; i++) if (table.isVmlinux(i)) rows.push(JSON.stringify(table.row(i)));
  return rows.sort();
}

/** Of the options that the loader asks for, those that an image shows: no other is shown, and none is left out. */
function assertConfig(image: ImageFacts, config: Readonly<Record<string, string>>, key: string): void {
  const shown = configByEvidence(image);
  const isSet = (option: string): boolean => [option, ...(RENAMED[option] ?? [])].some(name => config[name] === 'y');
  const wrong = Object.keys(shown).filter(option => SHOWN.has(option) && !isSet(option));
  assert.deepEqual(wrong, [], `${key}: options that are not set`);
  const hidden = HIDDEN[key] ?? [];
  const left = [...SHOWN].filter(option => isSet(option) && shown[option] !== 'y' && !hidden.includes(option));
  assert.deepEqual(left, [], `${key}: options that are set and not shown`);
}

const RENAMED: Readonly<Record<string, readonly string[]>> = { RETPOLINE: ['MITIGATION_RETPOLINE'] };

/** Up to 6.4 a kernel says the same of BTF that does not fit whether it goes on or not. */
const HIDDEN: Readonly<Record<string, readonly string[]>> = {
  '6.1': ['MODULE_ALLOW_BTF_MISMATCH'],
  'arm64-6.1': ['MODULE_ALLOW_BTF_MISMATCH'],
};

const SHOWN = new Set([
  'KALLSYMS_ALL',
  'CRYPTO_RSA',
  'CRYPTO_ECDSA',
  'CRYPTO_MD5',
  'CRYPTO_SHA1',
  'CRYPTO_SHA256',
  'CRYPTO_SHA512',
  'CRYPTO_SHA3',
  'SMP',
  'MODULE_UNLOAD',
  'MODVERSIONS',
  'MODULE_SIG',
  'MODULE_SIG_FORCE',
  'MODULE_FORCE_LOAD',
  'SECURITY_LOCKDOWN_LSM',
  'STRICT_MODULE_RWX',
  'RETPOLINE',
  'MODULE_ALLOW_MISSING_NAMESPACE_IMPORTS',
  'MODULE_ALLOW_BTF_MISMATCH',
  'DEBUG_INFO_BTF_MODULES',
  'MODULE_DECOMPRESS',
  'LIVEPATCH',
  'DYNAMIC_DEBUG',
  'KALLSYMS',
  'HAVE_STATIC_CALL_INLINE',
  'INTEGRITY_PLATFORM_KEYRING',
  'ARCH_HAS_EXECMEM_ROX',
]);
