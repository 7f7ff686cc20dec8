// Compares the engine with what a booted 3.10.4 and a booted 4.8.6 (i386) answered. The cases describe their modules by name, and
// the modules are made here from those descriptions.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import test from 'node:test';
import { System, type KernelFacts } from '../../../src/index';
import { parseSymvers } from '../../../src/target/symvers';
import { classicModule, I386, type ClassicModule, type ClassicParam } from '../../support/classicModule';
import { repositoryRoot } from '../lib/paths';

interface Step {
  readonly insmod?: string;
  readonly rmmod?: string;
  readonly dump?: string;
  readonly params?: string | Readonly<Record<string, string>>;
  readonly errno?: number;
  readonly log?: readonly string[];
  readonly taint?: string;
  readonly holders?: readonly string[];
  readonly crash?: true;
}

interface Case {
  readonly case: string;
  readonly steps: readonly Step[];
}

/** A kernel that was booted, as its own configuration had it. */
interface Booted {
  readonly release: string;
  readonly config: Readonly<Record<string, string>>;
  readonly words: string;
  readonly paramForm: 'ops' | 'module';
}

const KERNELS: readonly Booted[] = [
  { release: '3.10.4', config: {}, words: 'mod_unload modversions 686 ', paramForm: 'ops' },
  { release: '4.8.6', config: { SMP: 'y' }, words: 'SMP mod_unload modversions PENTIUM4 ', paramForm: 'module' },
];

const TYPES = ['byte', 'short', 'ushort', 'int', 'uint', 'long', 'ulong', 'ullong', 'bool', 'invbool', 'bint', 'charp'];
const EXPORTS = ['module_layout', 'printk', 'param_array_ops', ...TYPES.map(type => `param_ops_${type}`)];
const crcOf = (name: string): number => 0x1000_0000 + EXPORTS.indexOf(name) * 17;

function factsOf({ release, config, words }: Booted): KernelFacts {
  const options = { X86: 'y', MODULES: 'y', MODULE_UNLOAD: 'y', MODVERSIONS: 'y', KALLSYMS: 'y', ...config };
  const rows = EXPORTS.map(name => `0x${crcOf(name).toString(16)}\t${name}\tvmlinux\tEXPORT_SYMBOL\n`);
  return {
    release,
    arch: 'i386',
    vermagic: `${release} ${words}`,
    config: options,
    distribution: null,
    exports: parseSymvers(Buffer.from(rows.join(''))),
    structModule: null,
    builtin: null,
    trustedKeys: null,
    ownSigners: [],
    btf: null,
  };
}

const OWN_CRCS = { hk_plain: 0x11, hk_data: 0x12, hk_gpl: 0x13, hk_ns: 0x14 } as const;

const number = (value: number, size = 4): Uint8Array => {
  const bytes = Buffer.alloc(8);
  bytes.writeBigInt64LE(BigInt(value));
  return bytes.subarray(0, size);
};

/** One of each type, with the values that the dumps show. */
const PARAMS: readonly ClassicParam[] = [
  { name: 'p_byte', type: 'byte', value: number(1, 1) },
  { name: 'p_short', type: 'short', value: number(-2, 2) },
  { name: 'p_ushort', type: 'ushort', value: number(3, 2) },
  { name: 'p_int', type: 'int', value: number(4) },
  { name: 'p_uint', type: 'uint', value: number(5) },
  { name: 'p_long', type: 'long', value: number(6) },
  { name: 'p_ulong', type: 'ulong', value: number(7) },
  { name: 'p_bool', type: 'bool', value: number(0, 1) },
  { name: 'p_invbool', type: 'invbool', value: number(0, 1) },
  { name: 'p_bint', type: 'bint', value: number(0) },
  { name: 'p_charp', type: 'charp', value: number(0), text: 'ten' },
  { name: 'p_arr', type: 'int', value: new Uint8Array(16), array: { max: 4, elemsize: 4, counted: true } },
  { name: 'p_arr2', type: 'int', value: new Uint8Array(12), array: { max: 3, elemsize: 4, counted: false } },
  { name: 'p_barr', type: 'bool', value: new Uint8Array(3), array: { max: 3, elemsize: 1, counted: false } },
];

/** The module a case names. */
function moduleOf(kernel: Booted, name: string, change: Partial<ClassicModule> = {}): ClassicModule {
  const imports = name === 'hk_params' ? TYPES.map(type => `param_ops_${type}`).concat('param_array_ops') : [];
  const own = name === 'hk_use' ? Object.keys(OWN_CRCS) : [];
  const base: ClassicModule = {
    name,
    format: I386,
    modinfo: [`name=${name}`, `vermagic=${kernel.release} ${kernel.words}`, 'license=GPL'],
    versions: [
      ['module_layout', crcOf('module_layout')],
      ...imports.map(symbol => [symbol, crcOf(symbol)] as const),
      ...own.map(symbol => [symbol, OWN_CRCS[symbol as keyof typeof OWN_CRCS]] as const),
    ],
    paramForm: kernel.paramForm,
  };
  const more: Readonly<Record<string, Partial<ClassicModule>>> = {
    hk_exp: {
      exports: [
        { name: 'hk_data', crc: OWN_CRCS.hk_data },
        { name: 'hk_plain', crc: OWN_CRCS.hk_plain },
        { name: 'hk_gpl', table: '_gpl', crc: OWN_CRCS.hk_gpl },
        { name: 'hk_ns', table: '_gpl', crc: OWN_CRCS.hk_ns },
      ],
    },
    hk_use: { undefinedSymbols: ['hk_data', 'hk_gpl', 'hk_ns', 'hk_plain'], weakSymbols: ['hk_absent'] },
    hk_params: { params: PARAMS },
    hk_noinit: { hasInit: false, hasExit: false, textRelocations: [[0, '.text', 1]] },
    hk_noexit: { hasExit: false },
    hk_info: {
      modinfo: [...base.modinfo, 'intree=Y', 'staging=Y', 'test=Y', 'version=1', 'alias=x', 'softdep=pre: y'],
    },
  };
  return { ...base, ...more[name], ...change };
}

/** A damaged copy of a module, as the case is called. */
function mutant(kernel: Booted, name: string): { path: string; bytes: Uint8Array } | null {
  const [, kind = '', , , change = ''] = name.split('/');
  const exporter = moduleOf(kernel, 'hk_exp');
  const patched = (at: number, value: number, of = exporter): { path: string; bytes: Uint8Array } => {
    const { path, bytes } = classicModule(of);
    bytes[at] = value;
    return { path, bytes };
  };
  const whole = classicModule(exporter);
  const withInfo = (from: string, to: string): { path: string; bytes: Uint8Array } =>
    classicModule({ ...exporter, modinfo: exporter.modinfo.map(entry => entry.replace(from, to)) });
  switch (kind) {
    case 'vermagic':
      return withInfo(kernel.release, '9.9.9');
    case 'license':
      return withInfo('license=GPL', 'license=MIT');
    case 'crc0':
      return classicModule({ ...exporter, versions: [['module_layout', crcOf('module_layout') ^ 1]] });
    case 'half':
      return { ...whole, bytes: whole.bytes.subarray(0, whole.bytes.length >> 1) };
    case 'minus1':
      return { ...whole, bytes: whole.bytes.subarray(0, whole.bytes.length - 1) };
    case 'ehdr-only':
      return { ...whole, bytes: whole.bytes.subarray(0, 52) };
    case 'machine':
      return patched(18, 62);
    case 'class':
      return patched(4, 2);
    case 'data':
      return patched(5, 2);
    case 'reltype':
      return classicModule(
        moduleOf(kernel, 'hk_noinit', { textRelocations: [[0, '.text', Number(change.split('->')[1])]] }),
      );
    case 'reloffset':
      return classicModule(moduleOf(kernel, 'hk_noinit', { textRelocations: [[0x7fff_ffff, '.text', 1]] }));
    case 'symvalue':
      return classicModule(moduleOf(kernel, 'hk_noinit', { textRelocations: [[0, 'init_module', 1]] }));
    default:
      return null;
  }
}

/** Runs a case on a machine; false when that cannot be used for another, because it crashed or kept a module. */
function run(kernel: Booted, system: System, { case: name, steps }: Case): boolean {
  for (const step of steps) {
    if (step.crash) {
      // A kernel that crashes has no answer; ours says which field it did not check.
      const file = mutant(kernel, name);
      assert.ok(file && system.insmod(file).findings.some(({ code }) => code === 'unchecked-field'));
    } else if (step.insmod !== undefined) {
      const named = step.insmod.replace(/\.ko$/, '');
      const file = mutant(kernel, name) ?? classicModule(moduleOf(kernel, named));
      const initResult = named === 'hk_fail' ? -19 : 0;
      const args = typeof step.params === 'string' ? step.params : '';
      const result = system.insmod(file, args, { initResult });
      assert.deepEqual(
        { errno: result.errno, log: result.log.map(({ text }) => text) },
        { errno: step.errno, log: step.log },
        named,
      );
      assert.notEqual(result.verdict, 'unchecked', named);
    } else if (step.rmmod !== undefined) {
      assert.equal(system.rmmod(step.rmmod).errno, step.errno, `rmmod ${step.rmmod}`);
    } else if (step.dump !== undefined) {
      const mod = system.modules.find(({ name: loaded }) => loaded === step.dump);
      assert.equal(mod?.taints, step.taint, step.dump);
      assert.deepEqual(mod?.holders, step.holders, step.dump);
      for (const { name: param, value } of mod?.params ?? [])
        assert.equal(value, (step.params as Record<string, string>)[param], param);
    }
  }
  return !steps.some(({ crash }) => crash) && system.modules.length === 0;
}

for (const kernel of KERNELS) {
  const file = path.join(repositoryRoot(), 'test', 'kernel', 'classic', `i386-${kernel.release}.jsonl`);
  const lines = readFileSync(file, 'utf8').trim().split('\n');
  // One boot after the other, as they were recorded: some lines are printed once a boot.
  let system = new System(factsOf(kernel));
  for (const line of lines) {
    const each = JSON.parse(line) as Case;
    test(`${kernel.release}: ${each.case}`, () => {
      if (!run(kernel, system, each)) system = new System(factsOf(kernel));
    });
  }
}
