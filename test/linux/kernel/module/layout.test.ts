// Where sections go: layout_sections() and layout_symtab() before and after memory was split by type.
import assert from 'node:assert/strict';
import test from 'node:test';
import { System, type LoadResult } from '../../../../src/index';
import type { KernelFacts } from '../../../../src/target/types';
import { buildModule, section, type BuiltModule } from '../../../support/builtModule';
import { configured, fixture, GENERATIONS, moduleFile, type Generation } from '../../../support/recorded';

/** A recorded kernel that does not ask for versions. */
const kernel = (generation: Generation, config: Readonly<Record<string, string | null>> = {}): KernelFacts =>
  configured(generation, { MODVERSIONS: null, ...config });

function layout(facts: KernelFacts, module: BuiltModule): LoadResult['layout'] {
  const result = new System(facts).insmod(buildModule(facts, module));
  assert.equal(result.errno, 0, JSON.stringify(result.log));
  return result.layout;
}

/** `region+offset` of every section, by name. */
function places({ regions }: LoadResult['layout']): Record<string, string> {
  return Object.fromEntries(
    regions.flatMap(region =>
      region.sections.map(({ name, offset }) => [name, `${region.name}+0x${offset.toString(16)}`]),
    ),
  );
}

test('a typical module on 6.12: every section where a booted kernel had it', () => {
  const facts = kernel('6.12');
  const result = layout(facts, {
    sections: [
      section('.text', 'AX', 0x27, 16),
      section('.init.text', 'AX', 0x20, 16),
      section('.exit.text', 'AX', 0x15, 16),
      section('__ksymtab', 'A', 0xc, 4),
      section('__kcrctab', 'A', 4, 4),
      section('__mcount_loc', 'A', 0x18, 8),
      section('.rodata', 'A', 0x30, 32),
      section('__patchable_function_entries', 'WA', 0x18, 8),
      section('.data', 'WA', 0x10, 8),
      section('.exit.data', 'WA', 8, 8),
      section('.init.data', 'WA', 8, 8),
    ],
    after: [section('.bss', 'WA', 8, 4, true)],
  });
  const at = places(result);
  assert.deepEqual(
    ['.text', '.exit.text', '__ksymtab', '__kcrctab', '__mcount_loc', '.rodata'].map(name => at[name]),
    ['MOD_TEXT+0x0', 'MOD_TEXT+0x30', 'MOD_RODATA+0x0', 'MOD_RODATA+0xc', 'MOD_RODATA+0x10', 'MOD_RODATA+0x40'],
  );
  assert.deepEqual(
    ['__patchable_function_entries', '.data', '.exit.data', '.gnu.linkonce.this_module', '.bss'].map(name => at[name]),
    ['MOD_DATA+0x0', 'MOD_DATA+0x18', 'MOD_DATA+0x28', 'MOD_DATA+0x40', 'MOD_DATA+0x540'],
  );
  assert.deepEqual(
    ['<core symtab>', '.init.text', '.init.data', '.symtab'].map(name => at[name]),
    ['MOD_DATA+0x548', 'MOD_INIT_TEXT+0x0', 'MOD_INIT_DATA+0x0', 'MOD_INIT_DATA+0x8'],
  );
  assert.equal(result.coresize, 12288);
  assert.equal(at['.modinfo'], undefined, '.modinfo is not kept');
});

/** Sections as letters, name and size, in file order, and where .text must start. */
const TEXT_OFFSETS: readonly (readonly [sections: readonly ReturnType<typeof section>[], offset: number])[] = [
  [[section('.text', 'AX', 0x1000, 1)], 0],
  [
    [
      section('.init.text', 'AX', 0x1000, 1),
      section('.data', 'WA', 0x1000, 0x1000),
      section('.text', 'AX', 0x1000, 1),
      section('.exit.text', 'AX', 0x1000, 1),
    ],
    0,
  ],
  [[section('.foobar.text', 'AX', 4, 0x10), section('.text', 'AX', 0x1000, 1)], 4],
  [
    [section('.foobar.text', 'AX', 4, 0x10), section('.foobaz.text', 'AX', 4, 0x10), section('.text', 'AX', 0x1000, 1)],
    0x14,
  ],
];

for (const generation of GENERATIONS) {
  test(`${generation}: the offset of .text behind other code`, () => {
    for (const [sections, offset] of TEXT_OFFSETS) {
      const text = layout(kernel(generation), { sections }).regions[0]?.sections.find(one => one.name === '.text');
      assert.equal(text?.offset, offset);
    }
  });

  test(`${generation}: without unloading exit code is init memory`, () => {
    const sections = [section('.text', 'AX', 16, 16), section('.exit.text', 'AX', 16, 16)];
    const kept = places(layout(kernel(generation), { sections }));
    const dropped = places(layout(kernel(generation, { MODULE_UNLOAD: null }), { sections }));
    assert.match(kept['.exit.text'] ?? '', /^(core|MOD_TEXT)\+0x10$/);
    assert.match(dropped['.exit.text'] ?? '', /^(init|MOD_INIT_TEXT)\+0x0$/);
  });

  test(`${generation}: init memory is known by the start of the name`, () => {
    const at = places(
      layout(kernel(generation), {
        sections: [section('.init_array', 'A', 8, 8), section('.rodata.init', 'A', 8, 8), section('.initx', 'A', 8, 8)],
      }),
    );
    assert.match(at['.init_array'] ?? '', /^(init|MOD_INIT_RODATA)\+/);
    assert.match(at['.initx'] ?? '', /^(init|MOD_INIT_RODATA)\+/);
    assert.match(at['.rodata.init'] ?? '', /^(core|MOD_RODATA)\+/);
  });

  test(`${generation}: a symbol table costs memory only with KALLSYMS`, () => {
    const withTable = layout(kernel(generation), {});
    const without = layout(kernel(generation, { KALLSYMS: null }), {});
    assert.ok('.symtab' in places(withTable) && '<mod_kallsyms>' in places(withTable));
    assert.ok(!('.symtab' in places(without)) && !('<core symtab>' in places(without)));
    assert.ok(without.coresize + without.initsize < withTable.coresize + withTable.initsize);
  });

  test(`${generation}: writable and executable at once`, () => {
    const facts = kernel(generation);
    const file = buildModule(facts, { sections: [section('.evil', 'WAX', 8, 8)] });
    const result = new System(facts).insmod(file);
    assert.deepEqual(
      [result.errno, result.log],
      [8, [{ level: 3, text: 'built: section .evil (index 2) has invalid WRITE|EXEC flags' }]],
    );
    const lax = kernel(generation, { STRICT_MODULE_RWX: null });
    assert.equal(new System(lax).insmod(file).errno, 0);
  });
}

test('up to 6.3 core and init are padded between kinds of memory', () => {
  const sections = [
    section('.text', 'AX', 0x27, 16),
    section('.rodata', 'A', 0x30, 32),
    section('.data..ro_after_init', 'WA', 8, 8),
    section('.data', 'WA', 8, 8),
  ];
  for (const generation of ['5.10', '6.1'] as const) {
    const result = layout(kernel(generation), { sections });
    const at = places(result);
    assert.deepEqual(
      ['.text', '.rodata', '.data..ro_after_init', '.data', '<core symtab>'].map(name => at[name]),
      ['core+0x0', 'core+0x1000', 'core+0x2000', 'core+0x3000', 'core+0x4000'],
    );
    assert.equal(result.coresize, 0x5000);
  }
  // 5.10 asks what the architecture could do, 6.1 what is configured.
  const unpadded = places(layout(kernel('6.1', { STRICT_MODULE_RWX: null }), { sections }));
  assert.equal(unpadded['.rodata'], 'core+0x40');
  const padded = places(layout(kernel('5.10', { STRICT_MODULE_RWX: null }), { sections }));
  assert.equal(padded['.rodata'], 'core+0x1000');
});

test('since 6.4 read-only after init is memory of its own, and init has none of it', () => {
  const sections = [section('.data..ro_after_init', 'WA', 8, 8), section('__jump_table', 'WA', 16, 8)];
  for (const generation of ['6.12', '7.2'] as const) {
    const result = layout(kernel(generation), { sections });
    const at = places(result);
    assert.equal(at['.data..ro_after_init'], 'MOD_RO_AFTER_INIT+0x0');
    assert.equal(at['__jump_table'], 'MOD_RO_AFTER_INIT+0x8');
    assert.deepEqual(
      result.regions.map(region => region.name),
      ['MOD_DATA', 'MOD_RO_AFTER_INIT', 'MOD_INIT_DATA'],
      'memory nobody needs is not allocated',
    );
  }
});

test('static calls are read-only after init in 7.2 and data before', () => {
  const sections = [section('.static_call_sites', 'WA', 8, 8)];
  assert.match(places(layout(kernel('6.12'), { sections }))['.static_call_sites'] ?? '', /^MOD_DATA/);
  assert.match(places(layout(kernel('7.2'), { sections }))['.static_call_sites'] ?? '', /^MOD_RO_AFTER_INIT/);
});

test('empty sections are placed, and their alignment counts', () => {
  const sections = [section('.text', 'AX', 3, 1), section('.text.none', 'AX', 0, 64), section('.text.b', 'AX', 1, 1)];
  const at = places(layout(kernel('6.12'), { sections }));
  assert.deepEqual([at['.text.none'], at['.text.b']], ['MOD_TEXT+0x40', 'MOD_TEXT+0x40']);
});

test('memory no machine has is refused', () => {
  for (const generation of GENERATIONS) {
    const facts = kernel(generation);
    const result = new System(facts).insmod(
      buildModule(facts, { after: [section('.bss', 'WA', 0x7fff_0000, 4, true)] }),
    );
    assert.equal(result.errnoName, 'ENOMEM');
  }
});

test('a size that rests on an option nobody knows is not checked', () => {
  const outcomeWith = (config: Readonly<Record<string, string | null>>): string | undefined => {
    const { stages } = new System(configured('6.1', config)).insmod(moduleFile(fixture('6.1', 'minimal')));
    return stages.find(({ name }) => name === 'layout_and_allocate')?.outcome;
  };
  // What an image shows of its configuration has no MODULES.
  assert.equal(outcomeWith({ MODULES: null, KALLSYMS_ALL: null }), 'not-checked');
  assert.equal(outcomeWith({ MODULES: null }), 'passed');
  assert.equal(outcomeWith({ KALLSYMS_ALL: null }), 'passed');
});
