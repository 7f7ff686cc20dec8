// Directories a stranger filled: what kbuild leaves beside a module, and a tree that passes for a kernel's.
import { openObject } from '../../../src/formats/ko/objectFile';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { threadId } from 'node:worker_threads';
import { probeSteps } from '../../../src/kmod/probe';
import { InputError, System } from '../../../src/index';
import { defaultTarget } from '../../../src/host/node/targets';
import { openLocator } from '../../../src/host/places/locate';
import { lookupBuilt } from '../../../src/host/node/modprobe/builtLookup';
import { readTarget } from '../../../src/host/node/targets';
import { makeElf } from '../../support/elf';
import { repositoryRoot } from '../../kernel/lib/paths';
import { fixture, moduleFile } from '../../support/recorded';
import type { FuzzTarget, Input } from '../lib/types';

/** Stands between the contents of two files. */
const SEPARATOR = '\n====\n';

const joined = (...files: readonly string[]): Input => new Uint8Array(Buffer.from(files.join(SEPARATOR), 'latin1'));

/** Writes the parts of an input under these names, where there are so many parts. */
function fill(directory: string, names: readonly string[], input: Input): void {
  const parts = Buffer.from(input).toString('latin1').split(SEPARATOR);
  rmSync(directory, { recursive: true, force: true });
  names.forEach((name, i) => {
    const file = path.join(directory, name);
    mkdirSync(path.dirname(file), { recursive: true });
    if (parts[i] !== undefined) writeFileSync(file, Buffer.from(parts[i], 'latin1'));
  });
}

const place = (name: string): string =>
  path.join(repositoryRoot(), '.build', 'fuzz', `${name}-${process.pid}-${threadId}`);

const BESIDE = ['Makefile', '.fuzzed.o.cmd', 'fuzzed.mod', 'fuzzed.c', 'fuzzed.h', 'modules.dep', 'modules.softdep'];

export const beside: FuzzTarget = {
  name: 'beside',
  longest: 16 << 10,
  seeds: () => [
    joined(
      'KDIR ?= /lib/modules/$(shell uname -r)/build\nobj-m += fuzzed.o\nfuzzed-y := a.o \\\n  fuzzed.o\n\tmake -C $(KDIR)\n',
      'cmd_fuzzed.o := gcc -I/usr/src/linux-headers-1-common/include\nsource_fuzzed.o := fuzzed.c\ndeps_fuzzed.o := \\\n  fuzzed.h \\\n  /usr/include/a.h\n',
      'fuzzed.o\n',
      '#include "fuzzed.h"\nstatic int start(void) { return paramkinds(); }\nmodule_init(start);\nMODULE_LICENSE("GPL");\n',
      '#define X(a) EXPORT_SYMBOL(a)\nX(start);\n#include "fuzzed.c"\n',
      'fuzzed.ko: kernel/a.ko kernel/b.ko\nkernel/a.ko:\n',
    ),
  ],
  words: [SEPARATOR, 'obj-m += ', 'deps_', 'source_', ':= ', '\\\n', '#include "', '../', 'MODULE_LICENSE(', '$('],
  async run(bytes) {
    const directory = place('beside');
    fill(directory, BESIDE, bytes);
    const module = path.join(directory, 'fuzzed.ko');
    const { bytes: built } = fixture('6.1', 'paramkinds');
    writeFileSync(module, built);
    defaultTarget(module);
    const locator = await openLocator(module, openObject(built), 'fuzzed');
    locator.init();
    locator.anchors();
    locator.hints();
    for (const name of ['p_int', 'start', '_printk']) {
      locator.parameter(name);
      locator.symbol(name, '.text');
    }
    const { lookup, module: found } = await lookupBuilt({
      path: module,
      near: [module],
      known: [],
      modules: directory,
    });
    probeSteps(lookup, found, { ignoreCommands: false, parameters: '' });
  },
};

const OF_KERNEL = [
  'include/generated/utsrelease.h',
  'include/config/auto.conf',
  'Module.symvers',
  'certs/signing_key.pem',
  'include/generated/package.h',
  'modules.builtin.modinfo',
  'modules.order',
  'vmlinux',
];

const latin1 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1');

export const kernelTree: FuzzTarget = {
  name: 'kernelTree',
  longest: 32 << 10,
  seeds: () => [
    joined(
      '#define UTS_RELEASE "6.1.0-50-amd64"\n',
      'CONFIG_X86_64=y\nCONFIG_MODVERSIONS=y\nCONFIG_MODULE_SIG=y\nCONFIG_MODULE_SIG_KEY="certs/signing_key.pem"\nCONFIG_SMP=y\n',
      '0x00000001\tmodule_layout\tvmlinux\tEXPORT_SYMBOL\t\n0x00000002\t_printk\tvmlinux\tEXPORT_SYMBOL\t\n',
      '-----BEGIN CERTIFICATE-----\nMIIBAA==\n-----END CERTIFICATE-----\n',
      '#define LINUX_PACKAGE_ID " Debian 6.1"\n',
      'a.parmtype=x:int\0b.version=1\0',
      'kernel/a.o\n',
      latin1(
        makeElf([
          { name: '.BTF', data: Buffer.from('9feb01001800000000000000000000000000000001000000', 'hex') },
          { name: '.rodata', data: Buffer.from('Linux version 6.1.0-50-amd64 (a@b)\0') },
        ]),
      ),
    ),
  ],
  words: [SEPARATOR, 'CONFIG_', '=y\n', 'UTS_RELEASE "', '\tvmlinux\t', 'EXPORT_SYMBOL_GPL', 'Linux version '],
  async run(bytes) {
    const directory = place('kernel');
    fill(directory, OF_KERNEL, bytes);
    for (const target of [directory, path.join(directory, 'vmlinux')]) {
      try {
        new System(await readTarget(target)).insmod(moduleFile(fixture('6.1', 'minimal')));
      } catch (error) {
        if (!(error instanceof InputError)) throw error;
      }
    }
  },
};
