// Text files of a kernel and its tools: Module.symvers, .config, modprobe.d, indexes of depmod, C sources.
import { byteString } from '../../../src/formats/bytes/strings';
import { CSource } from '../../../src/formats/c/source';
import { parseConfig } from '../../../src/target/config';
import { parseSymvers } from '../../../src/target/symvers';
import { emptyConfig, parseConfigFile } from '../../../src/kmod/config';
import { parseIndexes } from '../../../src/kmod/indexes';
import { parseKernelCommandLine } from '../../../src/kmod/kernelCommandLine';
import { ModuleLookup } from '../../../src/kmod/moduleLookup';
import { showConfig } from '../../../src/kmod/showConfig';
import { loadTreeSitter } from '../../../src/host/places/treeSitter';
import type { FuzzTarget, Input } from '../lib/types';

const bytesOf = (text: string): Input => new Uint8Array(Buffer.from(text, 'latin1'));

export const symvers: FuzzTarget = {
  name: 'symvers',
  longest: 64 << 10,
  seeds: () => [
    bytesOf('0x12345678\tprintk\tvmlinux\tEXPORT_SYMBOL\t\n0x00000001\tx\tdrivers/y\tEXPORT_SYMBOL_GPL\tNS\n'),
    bytesOf('0x12345678\tprintk\tNS\tvmlinux\tEXPORT_SYMBOL\n'),
  ],
  run(bytes) {
    const table = parseSymvers(bytes);
    for (let i = -1; i <= Math.min(table.size, 100); i++) {
      table.row(i);
      table.findNext(table.findName(table.name(i)));
    }
  },
};

export const config: FuzzTarget = {
  name: 'config',
  longest: 64 << 10,
  seeds: () => [bytesOf('CONFIG_A=y\nCONFIG_B="x \\" y"\n# CONFIG_C is not set\nCONFIG_A=n\nCONFIG___proto__=m\n')],
  words: ['CONFIG_', '=y\n', '="', '\\"'],
  run: bytes => void parseConfig(bytes),
};

export const modprobe: FuzzTarget = {
  name: 'modprobe',
  longest: 16 << 10,
  seeds: () => [
    bytesOf('alias net-pf-* foo\noptions foo a=1\nsoftdep foo pre: a b post: c\nblacklist bar\ninstall x /bin/true\n'),
    bytesOf('kernel/a.ko: kernel/b.ko\nkernel/b.ko:\nalias pci:v*d[0-9]* a\nalias symbol:x b\n'),
    bytesOf('a.x=1 modprobe.blacklist=a,b "b.y=c d"'),
  ],
  words: [
    'alias ',
    'options ',
    'install ',
    'remove ',
    'softdep ',
    'weakdep ',
    'pre:',
    'post:',
    '[[:alpha:]]',
    '\\\n',
    '*',
  ],
  run(bytes) {
    const text = byteString(bytes, 0, bytes.length);
    const read = emptyConfig();
    parseConfigFile(read, text, 'fuzzed.conf');
    parseKernelCommandLine(read, text);
    const indexes = parseIndexes({ dep: text, alias: text, symbols: text, builtin: text, builtinModinfo: text });
    showConfig(read, indexes);
    const lookup = new ModuleLookup({ config: read, indexes, directory: '/nowhere', exists: () => true });
    for (const name of ['a', 'foo', 'pci:v1d2', 'symbol:x', text.slice(0, 40)])
      for (const module of lookup.find(name) ?? []) {
        lookup.dependencies(module);
        lookup.softdeps(module);
        lookup.options(module);
        lookup.installCommand(module);
        lookup.path(module);
      }
  },
};

export const csource: FuzzTarget = {
  name: 'csource',
  longest: 32 << 10,
  seeds: () => [
    bytesOf(
      '#include "x.h"\n#define M(a) do { f(a); } while (0)\nstatic int x[2] = { 1, M(2) };\nmodule_init(start);\n',
    ),
    bytesOf('static int __init start(void)\n{\n\tstatic int y;\n\treturn printk("%d\\n", y) /* c */ + x[0];\n}\n'),
  ],
  words: [
    'static ',
    '{',
    '}',
    '(',
    ')',
    '[',
    ']',
    '/*',
    '*/',
    '"',
    "'",
    '#define ',
    '#include "',
    '\\\n',
    ';',
    '=',
    '__',
  ],
  async run(bytes) {
    const text = byteString(bytes, 0, bytes.length);
    askAll(new CSource(text, await loadTreeSitter()));
  },
};

function askAll(source: CSource): void {
  for (let line = 0; line < Math.min(source.tokens.length, 50); line++) source.statementAtLine(line);
  for (const { name } of source.definitions.slice(0, 50)) source.uses(name.text);
  for (const call of source.invocations(/./)) source.argument(call);
}
