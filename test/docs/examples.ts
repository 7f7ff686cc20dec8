// One example for each page of doc/findings: a case a real kernel was asked and its answer, or, where no recorded
// kernel is built that way, a machine made for it.
import { text, type KoFile } from '../kernel/lib/koFile';
import type { Patch } from '../kernel/lib/recipe';
import type { Generation } from '../support/recorded';
import { checked, inDkmsTree, withDependencies } from './checked';
import { elsewhere, elsewhereConfigured, hinted, loaded, otherContent, removed, type Made } from './made';

export type Example =
  { readonly kernel: Generation; readonly recorded: string } | { readonly kernel: Generation; readonly made: Made };

const recorded = (kernel: Generation, id: string): Example => ({ kernel, recorded: id });
const made = (kernel: Generation, what: Made): Example => ({ kernel, made: what });

const LIVEPATCH_OFF = { LIVEPATCH: null };

/** Another name, no longer than the old one, for a symbol that is used. */
const renamedImport = (ko: KoFile, old: string, name: string): Patch =>
  text(ko.symbolNameAt(ko.symbol(old)), `${name}\0`);

/** The exporter under another name: in .modinfo, and in struct module behind state and list (include/linux/module.h). */
const renamed = (ko: KoFile): Patch[] => [
  ko.setModinfo('name', 'name=other'),
  text(ko.section('.gnu.linkonce.this_module').sh_offset + 24, 'other\0'),
];

/** Where a function begins in the file. */
const startOf = (ko: KoFile, name: string): number => {
  const { st_shndx, st_value } = ko.symbol(name);
  return Number(ko.numberAt(ko.shdrAt(st_shndx) + 24, 8)) + Number(st_value);
};

/** The jump to the return thunk that ends a function of .init.text becomes a ret, and its relocation none. */
const withReturn = (ko: KoFile, name: string): Patch[] => {
  const { st_value, st_size } = ko.symbol(name);
  const end = Number(st_value) + Number(st_size);
  const entry = Array.from({ length: ko.relaCount('.rela.init.text') }, (_, i) => i).find(i => {
    const { r_offset } = ko.rela('.rela.init.text', i);
    return r_offset > end - 8 && r_offset < end;
  });
  if (entry === undefined) throw new Error(`${name} does not end in a jump`);
  return [ko.setRela('.rela.init.text', entry, 'r_type', 0), [startOf(ko, name) + Number(st_size) - 1, 'c3']];
};

/** The call of the tracer in .init.text. */
const callOf = (ko: KoFile): number =>
  Array.from({ length: ko.relaCount('.rela.init.text') }, (_, i) => i).find(
    i => ko.rela('.rela.init.text', i).r_sym === ko.symbol('__fentry__').index,
  ) ?? 0;

/** By code. */
export const EXAMPLES: Readonly<Record<string, Example>> = {
  'alignment-waste': made(
    '6.1',
    hinted('paramkinds', ko => [ko.setShdr(ko.section('.data').index, 'sh_addralign', 4096)]),
  ),
  'already-loaded': recorded('6.1', 'twice/same'),
  'arch-sections': made('6.1', elsewhere('6.1.0-50-arm64', 'section/.plt/renamed')),
  'arguments-after-dashes': recorded('6.1', 'arguments/no-parameters/--%20x'),
  'bad-flags': recorded('6.1', 'flags/8'),
  'bad-section-index': recorded('6.12', 'mutants/notext/.symtab/3'),
  blacklisted: recorded('6.1', 'blacklist/noinit'),
  btf: recorded('7.2', 'structures/btf/version'),
  'bti-missing': made('6.12', elsewhereConfigured('6.12.117+deb13-arm64', 'places', { ARM64_BTI_KERNEL: 'y' })),
  'cfi-hash-missing': made(
    '6.12',
    loaded('minimal', { about: 'on this kernel with `CONFIG_CFI_CLANG`', config: { CFI_CLANG: 'y' } }),
  ),
  'compressed-file': recorded('6.1', 'flags/4'),
  constructors: made(
    '6.1',
    loaded('ctors', {
      config: { CONSTRUCTORS: 'y' },
      about: 'on this kernel built with `CONSTRUCTORS`',
    }),
  ),
  'dependency-cycle': made(
    '6.1',
    checked('Chain uses exporter, which was changed to use chain.', [
      // One import of the exporter gets the name of what chain exports.
      {
        file: 'exporter.ko',
        fixture: 'exporter',
        patches: ko => [renamedImport(ko, '__x86_return_thunk', 'suite_chain')],
      },
      { file: 'chain.ko', fixture: 'chain' },
    ]),
  ),
  'dependency-missing': made(
    '6.1',
    withDependencies('The exporter is not in the same directory.', 'user.ko', [{ file: 'user.ko', fixture: 'user' }]),
  ),
  'dependency-refused': made(
    '6.1',
    withDependencies('The vermagic of the exporter was changed.', 'user.ko', [
      { file: 'user.ko', fixture: 'user' },
      { file: 'exporter.ko', fixture: 'exporter', patches: ko => [ko.setModinfo('vermagic', 'vermagic=6.2.0')] },
    ]),
  ),
  'dkms-kernel': made('6.1', inDkmsTree('KDIR asks for the running kernel.')),
  'dkms-license': made(
    '6.1',
    inDkmsTree('minimal.c has no MODULE_LICENSE.', {
      Makefile: 'obj-m := minimal.o\n',
      'minimal.c': '#include <linux/module.h>\n',
    }),
  ),
  'dkms-module': made('6.1', inDkmsTree('obj-m lists another name.')),
  'duplicate-export': recorded('6.1', 'linking/duplicate/of-vmlinux-kfree'),
  'duplicate-module': made(
    '6.1',
    checked('The same module twice.', [
      { file: 'updates/minimal.ko', fixture: 'minimal' },
      { file: 'kernel/minimal.ko', fixture: 'minimal' },
    ]),
  ),
  'dyndbg-query': recorded('6.1', 'arguments/special/dyndbg%3dnonsense'),
  'dyndbg-unsupported': made(
    '6.1',
    loaded('minimal', {
      config: { DYNAMIC_DEBUG: null, DYNAMIC_DEBUG_CORE: null },
      about: 'on this kernel built without `DYNAMIC_DEBUG`',
      args: 'dyndbg=+p',
    }),
  ),
  'empty-file': recorded('6.1', 'not-elf/empty'),
  'endbr-missing': made(
    '6.12',
    loaded('minimal', { about: 'with `nop` for `endbr64`', patches: ko => [[startOf(ko, 'init_module'), '90909090']] }),
  ),
  'export-clash': made(
    '6.1',
    checked('A second copy of the exporter under another name.', [
      { file: 'exporter.ko', fixture: 'exporter' },
      { file: 'other.ko', fixture: 'exporter', patches: renamed },
    ]),
  ),
  'forced-load': recorded('6.1', 'sections/__versions/absent'),
  undecodable: made(
    '6.12',
    loaded('minimal', {
      about: 'packed with `xz --check=crc64`',
      packedHead: Uint8Array.of(0xfd, 0x37, 0x7a, 0x58, 0x5a, 0, 0, 4),
    }),
  ),
  'global-offset-table': made(
    '6.1',
    loaded('minimal', {
      about: 'with a call through the table, as `-fPIC -fno-plt` makes them',
      patches: ko => [ko.setRela('.rela.init.text', callOf(ko), 'r_type', 41)],
    }),
  ),
  'gpl-future': made('5.10', loaded('proprietary', { exports: { '*': { type: 'EXPORT_SYMBOL_GPL_FUTURE' } } })),
  'gpl-only': recorded('6.1', 'linking/license/params'),
  'import-module-namespace': recorded('7.2', 'linking/namespace/module-prefix'),
  'init-memory-use': made('6.1', hinted('located')),
  'init-only-data': made('6.1', hinted('located')),
  'init-only-function': made('6.1', hinted('located')),
  'init-positive': recorded('6.1', 'init/+1'),
  'init-result': recorded('6.1', 'init/-5'),
  'invalid-parameter': recorded('6.1', 'parameters/byte/256'),
  'livepatch-module-name': recorded('6.1', 'wide/module-name/vmlinux'),
  'livepatch-section-name': recorded('6.1', 'relocations/section/livepatch-flag'),
  'livepatch-unsupported': made(
    '6.1',
    loaded('livepatch', { config: LIVEPATCH_OFF, about: 'on this kernel built without `LIVEPATCH`' }),
  ),
  'lock-debugging-disabled': recorded('6.1', 'sections/__versions/absent'),
  lockdown: recorded('6.1', 'lockdown-integrity/unsigned'),
  'module-in-use': made('6.1', removed('exporter', ['exporter', 'user'])),
  'module-memory': recorded('6.1', 'mutants/notext/.symtab/27'),
  'name-taken': recorded('6.1', 'modinfo/name/builtin-kobject'),
  'nameless-module': recorded('6.1', 'wide/module-name/empty'),
  namespace: recorded('6.1', 'linking/namespace/second-0-dropped'),
  'no-capability': recorded('6.1', 'nomodule/unsigned'),
  'no-common': recorded('6.1', 'symbols/shndx/common'),
  'no-exit': made('6.1', removed('noexit', ['noexit'])),
  'no-export-flags': recorded('7.2', 'linking/kflagstab/absent'),
  'no-vermagic': recorded('6.1', 'modinfo/vermagic/absent'),
  'no-versions': made(
    '6.1',
    loaded('minimal', {
      config: { MODULE_FORCE_LOAD: null },
      about: 'with its symbol versions taken off, on this kernel built without `MODULE_FORCE_LOAD`',
      patches: ko => [ko.renameSection('__versions')],
    }),
  ),
  'not-loadable': recorded('6.1', 'elf-header/e_machine/0xb7'),
  'not-loaded': made('6.1', removed('minimal', [])),
  'obsolete-section': recorded('6.1', 'structures/named/__obsparm'),
  'parameter-limit': recorded('6.1', 'parameters/ints/1%2c2%2c3%2c4%2c5'),
  'percpu-size': made(
    '6.1',
    hinted('percpu', ko => [ko.setShdr(ko.section('.data..percpu').index, 'sh_size', 6000)]),
  ),
  percpu: recorded('6.1', 'structures/percpu/align-8192'),
  'proprietary-provider': recorded('6.1', 'linking/license/inherit'),
  'rel-unsupported': recorded('6.1', 'relocations/section/rel'),
  'relocation-lost': made('6.1', elsewhere('6.12.117+deb13-riscv64', 'accumulated/add64-set8')),
  relocation: recorded('6.1', 'relocations/64/nonzero'),
  'return-sites-missing': made(
    '6.12',
    loaded('minimal', { about: 'with a plain `ret` in `init`', patches: ko => withReturn(ko, 'init_module') }),
  ),
  'ro-after-init': made('6.1', hinted('located')),
  'signature-parser': made(
    '6.1',
    loaded('minimal', {
      about: 'with a signature of another kind of content',
      append: otherContent,
    }),
  ),
  'signature-required': recorded('6.1', 'sig_enforce/unsigned'),
  'signature-trailer': recorded('6.1', 'sig_enforce/marker-only'),
  signature: recorded('6.1', 'signatures/one-byte-and-marker'),
  'static-call-fixup': made(
    '6.1',
    loaded('special', {
      about: 'whose second static call names `.text` as its key',
      patches: ko => [ko.setRela('.rela.static_call_sites', 3, 'r_sym', ko.rela('.rela.static_call_sites', 2).r_sym)],
    }),
  ),
  'struct-module-unchecked': recorded('6.1', 'sections/.gnu.linkonce.this_module/longer'),
  'symbol-not-in-target': recorded('6.1', 'linking/user-alone'),
  'symbol-provider-not-loaded': made(
    '6.1',
    loaded('user', {
      about: 'on this kernel with `exporter` among its own modules',
      exports: { 'suite_*': { owner: 'drivers/suite/exporter' } },
    }),
  ),
  'symbol-version': recorded('6.1', 'versions/entry/last-wrong'),
  'sysfs-duplicate': recorded('6.12', 'sections/renamed/suite_rw-as-.data'),
  'taint-notice': recorded('6.1', 'linking/license/proprietary-uses-plain'),
  'this-module-size': recorded('6.12', 'sections/.gnu.linkonce.this_module/longer'),
  'trace-events': made(
    '6.1',
    loaded('bigdata', {
      flags: 2,
      about: 'with a section `_ftrace_events`',
      patches: ko => [
        text(ko.section('.shstrtab').sh_offset + ko.section('.note.gnu.build-id').sh_name, '_ftrace_events\0'),
      ],
    }),
  ),
  'unchecked-field': recorded('6.1', 'mutants/notext/.symtab/27'),
  'unknown-parameter': recorded('6.1', 'arguments/unknown/bogus%3dx%20p_int%3dy'),
  'unknown-symbol': recorded('6.1', 'versions/entry/last-wrong'),
  'unsafe-parameter': recorded('6.1', 'parameters/unsafe/invalid'),
  'unused-export': made(
    '5.10',
    loaded('minimal', { config: { UNUSED_SYMBOLS: 'y' }, exports: { '*': { type: 'EXPORT_UNUSED_SYMBOL' } } }),
  ),
  vermagic: recorded('6.1', 'modinfo/vermagic/no-smp'),
  'write-exec': recorded('6.12', 'fixtures/wx'),
};
