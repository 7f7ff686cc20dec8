// The edits of quick fixes.
import assert from 'node:assert/strict';
import test from 'node:test';
import { hasRules, namesModules } from '../../../src/host/extension/model/buildTask';
import {
  addExtraSymbols,
  addLicense,
  importNamespaces,
  isImportable,
  namesExtraSymbols,
  versionHeader,
  type Insertion,
} from '../../../src/host/extension/model/fixes';

const source = '#include <linux/module.h>\n\nmodule_init(f);\nMODULE_LICENSE("GPL");\n';
const older = { namespaceIsString: false };
const newer = { namespaceIsString: true };

function apply(text: string, { line, text: added }: Insertion): string {
  const lines = text.split('\n');
  return [...lines.slice(0, line), ...added.split('\n').slice(0, -1), ...lines.slice(line)].join('\n');
}

test('imports in the spelling of the targets', () => {
  assert.ok(
    apply(source, importNamespaces(source, ['A', 'B'], [older])).endsWith(
      'MODULE_LICENSE("GPL");\nMODULE_IMPORT_NS(A);\nMODULE_IMPORT_NS(B);\n',
    ),
  );
  assert.match(importNamespaces(source, ['A'], [newer, newer]).text, /^MODULE_IMPORT_NS\("A"\);\n$/);
  const both = importNamespaces(source, ['A'], [older, newer]).text;
  assert.match(both, /KERNEL_VERSION\(6, 13, 0\)\nMODULE_IMPORT_NS\("A"\);\n#else\nMODULE_IMPORT_NS\(A\);\n#endif/);
});

test('the header of the version check', () => {
  assert.deepEqual(versionHeader(source, [older, newer]), { line: 1, text: '#include <linux/version.h>\n' });
  assert.equal(versionHeader(source, [older]), null);
  assert.equal(versionHeader(`#include <linux/version.h>\n${source}`, [older, newer]), null);
});

test('a licence goes at the end, or beside its like', () => {
  assert.equal(apply('int a;\n', addLicense('int a;\n')), 'int a;\nMODULE_LICENSE("GPL");\n');
  const described = 'MODULE_DESCRIPTION("a"\n\t"b");\nint a;\n';
  assert.equal(addLicense(described).line, 2);
});

test('KBUILD_EXTRA_SYMBOLS stands before obj-m', () => {
  assert.equal(addExtraSymbols('# mine\nobj-m := a.o\n', 'p/Module.symvers').line, 1);
});

test('namespaces reserved to named modules', () => {
  assert.equal(isImportable('module:kvm'), false);
});

test('a Module.symvers that the Makefile names already, in any spelling', () => {
  const names = (text: string): boolean => namesExtraSymbols(text, '/w/cons', '/w/prov/Module.symvers');
  for (const spelling of [
    '$(src)/../prov/Module.symvers',
    '$(PWD)/../prov/Module.symvers',
    '${CURDIR}/../prov/Module.symvers',
    '../prov/Module.symvers',
    '/w/prov/Module.symvers',
    '$(shell pwd)/../prov/Module.symvers',
    '$(wildcard $(src)/../prov/Module.symvers)',
    '/other/Module.symvers \\\n  ../prov/Module.symvers',
  ])
    assert.equal(names(`KBUILD_EXTRA_SYMBOLS += ${spelling}\n`), true, spelling);
  assert.equal(names('TOP := $(src)/..\nEXTRA = $(TOP)/prov\nKBUILD_EXTRA_SYMBOLS := $(EXTRA)/Module.symvers\n'), true);
  assert.equal(names('# KBUILD_EXTRA_SYMBOLS := ../prov/Module.symvers\n'), false);
  assert.equal(names('KBUILD_EXTRA_SYMBOLS := ../other/Module.symvers\n'), false);
});

test('Makefiles that build by themselves, and those for kbuild alone', () => {
  assert.equal(hasRules('obj-m := a.o\nall:\n\tmake -C /k M=$(PWD)\n'), true);
  assert.equal(hasRules('obj-m := a.o\nKDIR := /k\n# all: nothing\nX ::= y\n'), false);
  assert.equal(namesModules('obj-m += a.o\n'), true);
  assert.equal(namesModules('obj-$(CONFIG_A) += a.o\n'), true);
  assert.equal(namesModules('all:\n\techo obj-m\n'), false);
});
