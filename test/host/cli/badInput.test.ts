// What the command cannot work with: one clear line on standard error, nothing on standard output, exit 2.
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import test, { after } from 'node:test';
import { gzipSync } from 'node:zlib';
import { insmodLens } from '../../support/command';
import { fixture, fixturePath, snapshotOf } from '../../support/recorded';

const directory = mkdtempSync(path.join(tmpdir(), 'insmod-lens-'));
after(() => rmSync(directory, { recursive: true }));

function write(name: string, bytes: Uint8Array | string): string {
  const file = path.join(directory, name);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, bytes);
  return file;
}

const KERNEL = ['--kernel', snapshotOf('6.1')];
const MODULE = fixturePath('6.1', 'minimal');
/** A module whose vermagic names another release of the same length. */
function forRelease(release: string): Uint8Array {
  const bytes = Buffer.from(fixture('6.1', 'minimal').bytes);
  const at = bytes.indexOf('vermagic=') + 'vermagic='.length;
  bytes.write(release.padEnd(bytes.indexOf(' ', at) - at, 'x'), at, 'latin1');
  return bytes;
}

const at = (name: string) => path.join(directory, name);

write('configured/include/config/auto.conf', 'CONFIG_X86_64=y\nCONFIG_MODULES=y\n');
write('configured/include/generated/utsrelease.h', '#define UTS_RELEASE "6.1.0"\n');
mkdirSync(at('nothing'));
write('broken.json', '{ "schema": 1, ');
write('other.json', '{ "schema": 1 }');
write('list.json', '[]');
write('null.json', 'null');
write('text.json.br', 'not compressed');
write('text.json.gz', 'not compressed');
write('vmlinux', 'text');
write('half.ko.gz', gzipSync(fixture('6.1', 'minimal').bytes).subarray(0, 700));

/** Arguments, and what the line has to say. */
const CASES: readonly (readonly [args: readonly string[], line: RegExp])[] = [
  [['insmod', ...KERNEL, at('none.ko')], /none\.ko: no such file or directory$/],
  [['insmod', ...KERNEL, `${MODULE}/none.ko`], /none\.ko: no such file or directory$/],
  [['insmod', ...KERNEL, directory], /: is a directory: "insmod-lens check" takes one, with all modules in it$/],
  // Kernels may have to be fetched first.
  [['matrix', '--kernel', '/no/such/kernel', at('absent.ko')], /absent\.ko: no such file or directory$/],
  [['insmod', ...KERNEL, at('half.ko.gz')], /half\.ko\.gz: corrupted gzip data$/],
  [['insmod', '--kernel', at('none'), MODULE], /none: no such file or directory$/],
  // A word that is no path was meant as a name.
  [['insmod', '--kernel', 'debain:12', MODULE], /debain:12: no such file .*debian:12/],
  [['insmod', '--kernel', '6.1', MODULE], /6\.1: no such file .*profile:6\.1 /],
  [['check', '--kernel', '6.1.0-50-amd64', MODULE], /debian:6\.1\.0-50-amd64 one that is fetched$/],
  // Built for a kernel that is not here, and nothing of which that is known.
  [
    ['insmod', write('own/own.ko', forRelease('9.9.9-none'))],
    /own\.ko: was built for 9\.9\.9-nonex*, .*linux-headers-9\.9\.9-nonex*/,
  ],
  [['check', at('own')], /own\.ko: was built for 9\.9\.9-nonex*/],
  [['insmod', write('unbuilt.c', 'int x;')], /unbuilt\.c: neither .* tell its kernel: name one with --kernel/],
  [['explain', MODULE], /minimal\.ko: is no log but an ELF file: insmod-lens insmod --explain /],
  [['explain', 'hello: Unknown symbol nothing (err -2)'], /goes to standard input/],
  [
    ['insmod', '--kernel', at('configured'), MODULE],
    /configured: has no Module\.symvers, .*install the headers package/,
  ],
  [['insmod', '--kernel', at('nothing'), MODULE], /nothing: /],
  [['insmod', '--kernel', at('broken.json'), MODULE], /broken\.json: /],
  [['insmod', '--kernel', at('other.json'), MODULE], /other\.json: /],
  [['insmod', '--kernel', at('list.json'), MODULE], /list\.json: /],
  [['insmod', '--kernel', at('null.json'), MODULE], /null\.json: /],
  [['insmod', '--kernel', at('text.json.br'), MODULE], /text\.json\.br: corrupted compressed data$/],
  [['insmod', '--kernel', at('text.json.gz'), MODULE], /text\.json\.gz: corrupted compressed data$/],
  [['insmod', '--kernel', at('vmlinux'), MODULE], /vmlinux: /],
  [['insmod', '--kernel', MODULE, MODULE], /minimal\.ko: /],
  [['insmod', ...KERNEL, '--loaded', at('none.ko'), MODULE], /none\.ko: no such file or directory$/],
  [['insmod', ...KERNEL, '--loaded', MODULE, '--loaded', MODULE, MODULE], /would itself be refused \(.*EEXIST\)$/],
  [['insmod', ...KERNEL], /missing required argument/],
  [['insmod', '--kernel'], /argument missing/],
  [['insmod', ...KERNEL, '--bogus', MODULE], /unknown option '--bogus'/],
  [['insmod', ...KERNEL, '--format', 'xml', MODULE], /'xml' is invalid/],
  [['insmod', ...KERNEL, '--syscall', 'openat', MODULE], /'openat' is invalid/],
  [['insmod', ...KERNEL, '--init-result', 'five', MODULE], /whole number/],
  [['rmmod', ...KERNEL], /missing required argument/],
  [['rmmod', ...KERNEL, 'one', 'two'], /too many arguments/],
  [['rmmod', ...KERNEL, '--loaded', at('none.ko'), 'none'], /none\.ko: no such file or directory$/],
  [['modinfo'], /missing required argument/],
  [['modinfo', at('none.ko')], /none\.ko: no such file or directory$/],
  [['modinfo', directory], /: is a directory$/],
  [['capture', '--kernel', at('nothing')], /nothing: /],
  [['lsmod'], /unknown command 'lsmod'/],
];

test('bad input', { concurrency: 8 }, async t => {
  await Promise.all(
    CASES.map(([args, line]) =>
      t.test(args.map(arg => path.basename(arg)).join(' '), async () => {
        const { status, stdout, stderr } = await insmodLens(...args);
        assert.deepEqual([status, stdout], [2, '']);
        assert.match(stderr, /^insmod-lens: [^\n]+\n$/, 'one line');
        assert.match(stderr.trimEnd().replace(/ \(see insmod-lens --help\)$/, ''), line);
        assert.doesNotMatch(stderr, / at .*:\d+:\d+/, 'no stack');
      }),
    ),
  );
});

test('help and version are no errors', async () => {
  const help = await insmodLens('--help');
  assert.equal(help.status, 0);
  for (const command of ['insmod', 'rmmod', 'modinfo', 'capture'])
    assert.match(help.stdout, new RegExp(`^ +${command}`, 'm'));
  assert.match((await insmodLens('--version')).stdout, /^\d+\.\d+\.\d+\n$/);
  assert.equal((await insmodLens('insmod', '--help')).status, 0);
  assert.equal((await insmodLens()).status, 2, 'nothing was asked for');
});
