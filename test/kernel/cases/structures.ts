// Tables the loader takes as they are: parameters, per-CPU data, type information, struct module.
import type { KoFile } from '../lib/koFile';
import { number, text } from '../lib/koFile';
import type { Patch } from '../lib/recipe';
import { insmod, mutant, testCase, type Kit, type Topic } from './kit';

/** struct kernel_param on 64-bit, since 4.2. */
const KERNEL_PARAM = { size: 40, perm: 24, level: 26, flags: 27 } as const;
const MODULE_NAME_OFFSET = 24;
const MODULE_NAME_LEN = 56;

function everyParameter(ko: KoFile, field: 'perm' | 'level' | 'flags', width: number, value: number): Patch[] {
  const { sh_offset, sh_size } = ko.section('__param');
  return Array.from({ length: sh_size / KERNEL_PARAM.size }, (_, i) =>
    number(sh_offset + i * KERNEL_PARAM.size + KERNEL_PARAM[field], width, value),
  );
}

function parameterTable(kit: Kit): ReturnType<Topic> {
  const ko = kit.ko('paramkinds');
  const { index, sh_size } = ko.section('__param');
  const loading = (name: string, patches: readonly Patch[]): ReturnType<typeof testCase> =>
    testCase(`structures/param/${name}`, insmod(ko.module(patches), { args: 'p_int=5 p_charp=x' }));
  return [
    loading('perm-none', everyParameter(ko, 'perm', 2, 0)),
    loading('perm-all-readable', everyParameter(ko, 'perm', 2, 0o444)),
    loading('unsafe', everyParameter(ko, 'flags', 1, 1)),
    loading('hardware', everyParameter(ko, 'flags', 1, 2)),
    ...[0, 1, 7, 127, 128].map(level => loading(`level-${level}`, everyParameter(ko, 'level', 1, level))),
    loading('absent', [ko.renameSection('__param')]),
    loading('empty', [ko.setShdr(index, 'sh_size', 0)]),
    loading('odd-size', [ko.setShdr(index, 'sh_size', sh_size - 1)]),
    loading('half', [ko.setShdr(index, 'sh_size', KERNEL_PARAM.size * 10)]),
  ];
}

function perCpu(kit: Kit): ReturnType<Topic> {
  const ko = kit.ko('percpu');
  const { index } = ko.section('.data..percpu');
  return [
    ...[0, 1, 4096, 8192, 65536].map(align =>
      mutant(`structures/percpu/align-${align}`, ko, [ko.setShdr(index, 'sh_addralign', align)]),
    ),
    mutant('structures/percpu/not-alloc', ko, [ko.setShdr(index, 'sh_flags', 1)]),
    mutant('structures/percpu/read-only', ko, [ko.setShdr(index, 'sh_flags', 2)]),
    mutant('structures/percpu/empty', kit.ko('noinit'), []),
  ];
}

/** Only where the kernel's packages let modules have type information. */
function btf(kit: Kit): ReturnType<Topic> {
  const ko = kit.ko('btf');
  if (!ko.hasSection('.BTF')) return [];
  const { sh_offset, index } = ko.section('.BTF');
  const change = (name: string, ...patches: Patch[]): ReturnType<typeof mutant> =>
    mutant(`structures/btf/${name}`, ko, patches);
  return [
    change('absent', ko.setShdr(index, 'sh_name', ko.section('.comment').sh_name)),
    change('magic', number(sh_offset, 2, 0)),
    change('version', number(sh_offset + 2, 1, 9)),
    change('flags', number(sh_offset + 3, 1, 1)),
    change('header-length', number(sh_offset + 4, 4, 8)),
    change('type-length', number(sh_offset + 12, 4, 0xfffffff0)),
    change('string-length', number(sh_offset + 20, 4, 0)),
    change('first-type', number(sh_offset + 24 + 4, 4, 0xffffffff)),
    change('size-zero', ko.setShdr(index, 'sh_size', 0)),
    change('size-short', ko.setShdr(index, 'sh_size', 16)),
    ...(ko.hasSection('.BTF.base')
      ? [
          change('base-absent', ko.setShdr(ko.section('.BTF.base').index, 'sh_name', ko.section('.comment').sh_name)),
          change('base-magic', number(ko.section('.BTF.base').sh_offset, 2, 0)),
        ]
      : []),
  ];
}

function structModule(kit: Kit): ReturnType<Topic> {
  const ko = kit.ko('noinit');
  const { sh_offset } = ko.section('.gnu.linkonce.this_module');
  const named = (name: string): Patch => text(sh_offset + MODULE_NAME_OFFSET, name);
  return [
    mutant('structures/module/name-longest', ko, [named(`${'n'.repeat(MODULE_NAME_LEN - 1)}\0`)]),
    mutant('structures/module/name-percent', ko, [named('no%s\0')]),
    mutant('structures/module/state', ko, [number(sh_offset, 4, 1)]),
    mutant('structures/module/list', ko, [number(sh_offset + 8, 8, 1)]),
  ];
}

/** Section names of earlier or other kernels, given to a spare section. */
function oldNames(kit: Kit): ReturnType<Topic> {
  const ko = kit.ko('bigdata');
  const { sh_offset } = ko.section('.shstrtab');
  const at = (name: string): number => sh_offset + ko.section(name).sh_name;
  return ['__obsparm', '.ctors', '.init_array', '.BTF', '__dyndbg', '__ex_table', '.plt', '__verbose'].map(name =>
    mutant(`structures/named/${name}`, ko, [text(at('suite_nobits'), `${name}\0`)]),
  );
}

export const structures: Topic = kit => [
  ...parameterTable(kit),
  ...perCpu(kit),
  ...btf(kit),
  ...structModule(kit),
  ...oldNames(kit),
];
