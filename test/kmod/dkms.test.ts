// dkms.conf held against the Makefile beside it.
import assert from 'node:assert/strict';
import test from 'node:test';
import { passKernel } from '../../src/host/extension/model/dkms';
import { dkmsFindings, filesToRead } from '../../src/kmod/dkms';

const UNAME = 'KDIR ?= /lib/modules/$(shell uname -r)/build\nobj-m := foo.o\nall:\n\tmake -C $(KDIR) M=$(PWD)\n';

function told(conf: string, ...makefiles: string[]): unknown[] {
  return toldOf({ conf, makefiles }, {});
}

/** With the files that lie beside dkms.conf, read as both hosts read them. */
function toldOf(
  { conf, makefiles }: { conf: string; makefiles: readonly string[] },
  files: Record<string, string>,
): unknown[] {
  const code = new Map<string, string | null>();
  for (
    let names = filesToRead({ conf, makefiles, code });
    names.length > 0;
    names = filesToRead({ conf, makefiles, code })
  )
    for (const name of names) code.set(name, files[name] ?? null);
  const found = dkmsFindings({ conf, confFile: 'dkms.conf', makefiles, code });
  return found.map(({ code, facts, locations }) => [code, facts['argument'] ?? facts['module'], locations[0]?.line]);
}

test('a MAKE that lets the Makefile ask for the running kernel', () => {
  const kernel = 'KDIR=${kernel_source_dir}';
  assert.deepEqual(told('PACKAGE_NAME="foo"\nMAKE="make all"\n', UNAME), [['dkms-kernel', kernel, 2]]);
  assert.deepEqual(told("MAKE[0]='make'\n", UNAME), [['dkms-kernel', kernel, 1]]);
  const byRelease = 'KVER := $(shell uname -r)\nKDIR := /lib/modules/$(KVER)/build\nobj-m += foo.o\n';
  assert.deepEqual(told('MAKE="make"\n', byRelease), [['dkms-kernel', 'KVER=${kernelver}', 1]]);
});

test('a MAKE that passes the kernel, or a Makefile that does not ask, is fine', () => {
  assert.deepEqual(told('MAKE="make KDIR=${kernel_source_dir}"\n', UNAME), []);
  assert.deepEqual(told('MAKE="make KVER=$kernelver"\n', UNAME), []);
  assert.deepEqual(told('MAKE="make"\n', 'obj-m := foo.o\n'), []);
  // DKMS passes KERNELRELEASE itself.
  assert.deepEqual(told('MAKE="make"\n', 'KERNELRELEASE ?= $(shell uname -r)\nobj-m := foo.o\n'), []);
  // Without MAKE, DKMS calls kbuild with the kernel it builds for.
  assert.deepEqual(told('PACKAGE_NAME=foo\n', UNAME), []);
});

test('a module that nobody builds', () => {
  const conf = 'PACKAGE_NAME="foo"\nBUILT_MODULE_NAME[0]="$PACKAGE_NAME"\nBUILT_MODULE_NAME[1]="bar"\n';
  assert.deepEqual(told(conf, 'obj-m := foo.o\n'), [['dkms-module', 'bar', 3]]);
  assert.deepEqual(told(conf, 'obj-m := foo.o \\\n  bar.o\n'), []);
  assert.deepEqual(told(conf, 'obj-m := $(MODULES)\n'), []);
  assert.deepEqual(told(conf), []);
});

test('a module without a license', () => {
  const conf = 'PACKAGE_NAME="foo"\nBUILT_MODULE_NAME="foo"\n';
  const single = { conf, makefiles: ['obj-m := foo.o\n'] };
  const parts = { conf, makefiles: ['obj-m := foo.o\nfoo-objs := main.o \\\n  more.o\n'] };
  const licensed = 'MODULE_LICENSE("GPL");\n';
  assert.deepEqual(toldOf(single, { 'foo.c': 'int x;\n' }), [['dkms-license', 'foo', 2]]);
  assert.deepEqual(toldOf(single, { 'foo.c': licensed }), []);
  assert.deepEqual(toldOf(single, { 'foo.c': 'MODULE_INFO(license, "GPL");\n' }), []);
  assert.deepEqual(toldOf(parts, { 'main.c': 'int x;\n', 'more.c': 'int y;\n' }), [['dkms-license', 'foo', 2]]);
  assert.deepEqual(toldOf(parts, { 'main.c': 'int x;\n', 'more.c': licensed }), []);
  // It may stand in what a source includes, also in turn; what cannot be read may hold it.
  const including = '#include <linux/module.h>\n#include "inc/one.h"\n';
  assert.deepEqual(toldOf(single, { 'foo.c': including, 'inc/one.h': licensed }), []);
  assert.deepEqual(toldOf(single, { 'foo.c': including, 'inc/one.h': 'int x;\n' }), [['dkms-license', 'foo', 2]]);
  assert.deepEqual(toldOf(single, { 'foo.c': including }), []);
  assert.deepEqual(toldOf(single, { 'foo.c': '#include "../common.c"\n', '../common.c': '' }), []);
  assert.deepEqual(toldOf(single, {}), []);
  const computed = { conf, makefiles: ['obj-m := foo.o\nfoo-y := $(PARTS)\n'] };
  assert.deepEqual(toldOf(computed, { 'foo.c': 'int x;\n' }), []);
});

test('the edit puts the argument into MAKE', () => {
  const argument = 'KDIR=${kernel_source_dir}';
  assert.equal(passKernel('MAKE[0]="make all"', 0, argument), `MAKE[0]="make all ${argument}"`);
  assert.equal(passKernel("\nMAKE='make' # x", 1, argument), `MAKE="make ${argument}" # x`);
  assert.equal(passKernel('CLEAN="make clean"', 0, argument), null);
});
