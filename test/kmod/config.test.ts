// modprobe.d files and the kernel command line, as kmod takes them apart.
import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { emptyConfig, parseConfigFile, type ModprobeConfig } from '../../src/kmod/config';
import { parseIndexes, searchAliases, searchBuiltinAliases } from '../../src/kmod/indexes';
import { parseKernelCommandLine } from '../../src/kmod/kernelCommandLine';
import { normalizeAlias } from '../../src/kmod/names';

function parse(text: string): ModprobeConfig {
  const config = emptyConfig();
  parseConfigFile(config, text, 'f.conf');
  return config;
}

function cmdline(text: string): ModprobeConfig {
  const config = emptyConfig();
  parseKernelCommandLine(config, text);
  return config;
}

test('each kind of line', () => {
  const config = parse(
    'alias a-b c-d\nblacklist e-f\noptions g-h i-j=1\ninstall k-* l\nremove m n\nsoftdep o pre: p q post: r\nweakdep s t u',
  );
  assert.deepEqual(config, {
    aliases: [{ name: 'a_b', modname: 'c_d' }],
    blacklist: ['e_f'],
    options: [{ modname: 'g_h', options: 'i-j=1' }],
    install: [{ modname: 'k_*', command: 'l' }],
    remove: [{ modname: 'm', command: 'n' }],
    softdeps: [{ modname: 'o', pre: ['p', 'q'], post: ['r'] }],
    weakdeps: [{ modname: 's', weak: ['t', 'u'] }],
    problems: [],
  });
});

test('complaints name the line that ends what was joined', () => {
  assert.deepEqual(parse('# x\noptions \\\n  only\n\nnonsense here\ninclude y\n').problems, [
    "libkmod: ERROR: kmod_config_parse: f.conf line 3: ignoring bad line starting with 'options'",
    "libkmod: ERROR: kmod_config_parse: f.conf line 5: ignoring bad line starting with 'nonsense'",
    'libkmod: ERROR: kmod_config_parse: f.conf: command include is deprecated and not parsed anymore',
  ]);
});

test('one blank too many before pre: loses it', () => {
  assert.deepEqual(parse('softdep a  pre: b post: c').softdeps, [{ modname: 'a', pre: [], post: ['c'] }]);
  assert.deepEqual(parse('softdep a   pre: b').softdeps, [{ modname: 'a', pre: ['b'], post: [] }]);
});

test('the command line', () => {
  assert.deepEqual(cmdline('quiet a-b.c=1 d.e modprobe.blacklist=x,y "f.g=h i" j.k="l m" n.o.p=1').options, [
    { modname: 'a_b', options: 'c=1' },
    { modname: 'd', options: 'e' },
    { modname: 'f', options: 'g="h i"' },
    { modname: 'j', options: 'k="l m"' },
  ]);
  assert.deepEqual(cmdline('modprobe.blacklist=x,y').blacklist, ['x', 'y']);
  assert.equal(cmdline('bad].a=1').problems.length, 1);
});

test('dashes are underscores, but not in brackets', () => {
  assert.equal(normalizeAlias('a-b[0-9]-c'), 'a_b[0-9]_c');
  assert.equal(normalizeAlias('a]'), null);
  assert.equal(normalizeAlias('a[b'), null);
});

test('aliases in the order of the modules; of what is built in, the last the search finds first', () => {
  const indexes = parseIndexes({
    dep: 'a.ko:\n',
    alias: '# comment\nalias x* first\nalias with blank second\nalias x? third\nalias bad] none\n',
    symbols: '',
    builtin: 'kernel/in-side.ko\n',
    builtinModinfo: 'one.alias=x*\0two.alias=xy\0three.alias=*\0four.license=x*\0five.alias=\0',
  });
  assert.deepEqual(searchAliases(indexes, 'xy'), ['first', 'third']);
  assert.deepEqual(searchAliases(indexes, 'with blank'), ['second']);
  assert.deepEqual(searchBuiltinAliases(indexes, 'xy'), ['two', 'one', 'three']);
  assert.deepEqual([...indexes.builtin], ['in_side']);
});

test('no text makes them throw', () => {
  const line = fc.string({ unit: fc.constantFrom(...'alias softdep\\\n"\'=.,-[]*#\0\t'), maxLength: 60 });
  fc.assert(
    fc.property(line, text => {
      parse(text);
      parse(`softdep x ${text}`);
      cmdline(text);
      parseIndexes({ dep: text, alias: `alias ${text}`, symbols: text, builtin: text, builtinModinfo: text });
    }),
    { numRuns: 2000, seed: 20260 },
  );
});
