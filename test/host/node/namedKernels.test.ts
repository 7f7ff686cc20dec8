import assert from 'node:assert/strict';
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { createReadStream, existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync, mkdirSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import test, { after } from 'node:test';
import { gzipSync } from 'node:zlib';
import { aptSources } from '../../../src/host/node/named/aptSources';
import { debianArchives, parseDebianName } from '../../../src/host/node/named/debian';
import { namedFiles, namedKernels, removeNamed } from '../../../src/host/node/named/namedKernel';
import { setNamedSettings } from '../../../src/host/node/named/settings';
import { InputError } from '../../../src/host/node/files';
import { readTarget } from '../../../src/host/node/targets';
import { CLI, environment } from '../../support/command';
import { debOf, headersOf, tarOf, writeSuite, type MirroredPackage } from '../../support/debianPackage';

const scratch = mkdtempSync(path.join(tmpdir(), 'insmod-lens-'));
after(() => rmSync(scratch, { recursive: true }));
process.env['XDG_CACHE_HOME'] = path.join(scratch, 'cache');
const KEPT = path.join(scratch, 'cache', 'insmod-lens');
const mirror = path.join(scratch, 'mirror', 'debian');

async function headers(release: string, version: string): Promise<MirroredPackage> {
  const symvers = `0x12345678\tprintk\tvmlinux\tEXPORT_SYMBOL\t\n`;
  return { name: `linux-headers-${release}`, version, deb: debOf(gzipSync(await tarOf(headersOf(release, symvers)))) };
}

const empty = async (name: string, version: string, depends?: string): Promise<MirroredPackage> => {
  const deb = debOf(gzipSync(await tarOf({})));
  return depends === undefined ? { name, version, deb } : { name, version, depends, deb };
};

/** Bookworm with an update, and a kernel that is newer than the one installed by default. */
async function writeMirror(): Promise<void> {
  writeSuite(mirror, 'bookworm', 'amd64', [
    await empty('linux-image-amd64', '6.1.9', 'linux-image-6.1.0-9-amd64 (= 6.1.9)'),
    await empty('linux-image-6.1.0-9-amd64', '6.1.9'),
    await headers('6.1.0-9-amd64', '6.1.9'),
  ]);
  writeSuite(`${mirror}-security`, 'bookworm-security', 'amd64', [
    await empty('linux-image-amd64', '6.1.10', 'linux-image-6.1.0-10-amd64 (= 6.1.10)'),
    await empty('linux-image-6.1.0-10-amd64', '6.1.10'),
    await empty('linux-image-6.12.7-amd64', '6.12.7'),
    await headers('6.1.0-10-amd64', '6.1.10'),
    await headers('6.1.0-10-rt-amd64', '6.1.10'),
  ]);
}

const oneKernel = async (): Promise<MirroredPackage[]> => [
  await empty('linux-image-6.1.0-9-amd64', '6.1.9'),
  await headers('6.1.0-9-amd64', '6.1.9'),
];

/** Runs with no program on the PATH: then nobody can check the signature of the index. */
async function withoutPrograms<T>(run: () => Promise<T>): Promise<T> {
  const before = process.env['PATH'];
  process.env['PATH'] = '';
  try {
    return await run();
  } finally {
    process.env['PATH'] = before;
  }
}

const use = (changed: { readonly mirror?: string }): string[] => {
  const said: string[] = [];
  setNamedSettings({ mirror: null, ...changed, warn: line => said.push(line) });
  return said;
};

test('a suite means its default kernel with updates, a release that kernel; each is fetched once', async () => {
  await writeMirror();
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(request.url ?? '');
    const file = path.join(scratch, 'mirror', request.url ?? '');
    if (existsSync(file)) createReadStream(file).pipe(response);
    else response.writeHead(404).end();
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/debian`;
  try {
    const said = use({ mirror: address });
    const facts = await withoutPrograms(() => readTarget('debian:12/amd64'));
    assert.equal(facts.release, '6.1.0-10-amd64');
    assert.equal(facts.exports.size, 1);
    assert.ok(said.every(line => line.includes('was not verified')) && said.length === 2, said.join('\n'));
    assert.equal((await withoutPrograms(() => readTarget('debian:6.1.0-9-amd64'))).release, '6.1.0-9-amd64');
    const before = asked.length;
    assert.equal((await readTarget('debian:12/amd64')).release, '6.1.0-10-amd64');
    assert.equal((await readTarget('debian:6.1.0-9-amd64')).release, '6.1.0-9-amd64');
    assert.equal(asked.length, before, 'nothing is asked twice');
  } finally {
    server.close();
  }
  // The mirror is gone: what is known stays known.
  use({});
  assert.equal((await readTarget('debian:12/amd64')).release, '6.1.0-10-amd64');
  const listed = namedKernels(KEPT);
  assert.deepEqual(
    listed.map(({ name, release, version }) => [name, release, version]),
    [
      ['debian:12/amd64', '6.1.0-10-amd64', '6.1.10'],
      ['debian:6.1.0-9-amd64', '6.1.0-9-amd64', '6.1.9'],
    ],
  );
  assert.equal(removeNamed(KEPT, 'debian:6.1.0-9-amd64'), true);
  assert.equal(removeNamed(KEPT, 'debian:6.1.0-9-amd64'), false);
  assert.equal(namedKernels(KEPT).length, 1);
  assert.equal((await readTarget('debian:12/amd64')).release, '6.1.0-10-amd64');
  const left = readdirSync(tmpdir()).filter(name => name.startsWith('insmod-lens-'));
  assert.ok(
    left.every(name => !existsSync(path.join(tmpdir(), name, 'bookworm-InRelease'))),
    'downloads are gone',
  );
});

const refusals: readonly (readonly [string, string, () => void, RegExp])[] = [
  [
    'a kernel that is not there',
    'debian:6.1.0-8-amd64',
    () => undefined,
    /no such kernel in .*bookworm.* for amd64 on /,
  ],
  [
    'an architecture that is not there',
    'debian:12/arm64',
    () => undefined,
    /no such kernel in bookworm-security, bookworm, bookworm-updates for arm64/,
  ],
  ['a suite that is not there', 'debian:trixie/amd64', () => undefined, /no such kernel/],
  ['no name of a kernel', 'debian:', () => undefined, /is no name of a kernel/],
  ['a name with a path in it', 'debian:../../etc', () => undefined, /is no name of a kernel|no such kernel/],
  [
    'a package that was changed',
    'debian:6.1.0-9-amd64',
    () => writeFileSync(path.join(mirror, 'pool/main/l/linux/linux-headers-6.1.0-9-amd64_6.1.9_amd64.deb'), 'changed'),
    /is not the file that the index of its archive lists/,
  ],
  [
    'an index that was changed',
    'debian:6.1.0-9-amd64',
    () => writeFileSync(path.join(mirror, 'dists/bookworm/main/binary-amd64/Packages.gz'), gzipSync('changed')),
    /is not the file that the index of its archive lists/,
  ],
];

for (const [what, name, change, reason] of refusals)
  test(`${what} is refused in one line`, async () => {
    await writeMirror();
    change();
    use({ mirror });
    await withoutPrograms(() =>
      assert.rejects(readTarget(name), error => {
        assert.ok(
          error instanceof InputError && reason.test(error.message) && !error.message.includes('\n'),
          String(error),
        );
        return true;
      }),
    );
  });

for (const [what, damage] of [
  ['is of another day, as while a mirror is updated', (file: string) => writeFileSync(file, gzipSync('other'))],
  ['has no name but its sum', (file: string) => rmSync(file)],
] as const)
  test(`an index that ${what} is found by its sum`, async () => {
    await writeMirror();
    writeSuite(mirror, 'bookworm', 'amd64', await oneKernel(), true);
    damage(path.join(mirror, 'dists/bookworm/main/binary-amd64/Packages.gz'));
    use({ mirror });
    const fetched = new Set<string>();
    setNamedSettings({ listener: file => fetched.add(file) });
    removeNamed(KEPT, 'debian:6.1.0-9-amd64');
    assert.equal((await withoutPrograms(() => readTarget('debian:6.1.0-9-amd64'))).release, '6.1.0-9-amd64');
    assert.ok(fetched.has('bookworm/main/binary-amd64/Packages.gz'), [...fetched].join(' '));
    assert.ok(![...fetched].some(file => /^[0-9a-f]{64}$/.test(file)), 'a sum tells nobody what is fetched');
    removeNamed(KEPT, 'debian:6.1.0-9-amd64');
  });

test('an index that promises names of sums, and has none, is taken by its own', async () => {
  await writeMirror();
  writeSuite(mirror, 'bookworm', 'amd64', await oneKernel(), true);
  rmSync(path.join(mirror, 'dists/bookworm/main/binary-amd64/by-hash'), { recursive: true });
  use({ mirror });
  assert.equal((await withoutPrograms(() => readTarget('debian:6.1.0-9-amd64'))).release, '6.1.0-9-amd64');
  removeNamed(KEPT, 'debian:6.1.0-9-amd64');
});

test('an index without a good signature is refused where it can be checked', async t => {
  const [keyring] = ['/usr/share/keyrings/debian-archive-keyring.gpg'].filter(existsSync);
  if (!keyring || spawnSync('gpgv', ['--version']).error) {
    t.skip('gpgv or the keyring of Debian is not here');
    return;
  }
  await writeMirror();
  use({ mirror });
  await assert.rejects(
    readTarget('debian:6.1.0-9-amd64'),
    /InRelease: is not signed by a key of .*debian-archive-keyring/,
  );
});

test('sources of packages are read in both forms, and only those of Debian are asked', () => {
  const etc = path.join(scratch, 'apt');
  mkdirSync(path.join(etc, 'sources.list.d'), { recursive: true });
  writeFileSync(
    path.join(etc, 'sources.list'),
    '# deb http://old.example/debian bookworm main\ndeb [arch=amd64 signed-by=/k.gpg] http://a.example/debian/ bookworm main contrib # here\ndeb-src http://s.example/debian bookworm main\n',
  );
  writeFileSync(
    path.join(etc, 'sources.list.d', 'more.sources'),
    'Types: deb\nURIs: http://b.example/debian-security\nSuites: bookworm-security\n  trixie-security\nComponents: main\nSigned-By: /s.gpg\n\nTypes: deb\nEnabled: no\nURIs: http://c.example/x\nSuites: bookworm\nComponents: main\n',
  );
  writeFileSync(path.join(etc, 'sources.list.d', 'other.list'), 'deb http://apt.example/node nodistro main\n');
  const sources = aptSources(etc);
  assert.deepEqual(
    sources.map(({ uri, suites, signedBy }) => [uri, suites, signedBy]),
    [
      ['http://a.example/debian', ['bookworm'], '/k.gpg'],
      ['http://b.example/debian-security', ['bookworm-security', 'trixie-security'], '/s.gpg'],
      ['http://apt.example/node', ['nodistro'], null],
    ],
  );
  const archives = debianArchives(sources, null);
  assert.equal(archives?.main.uri, 'http://a.example/debian');
  assert.equal(archives.security.uri, 'http://b.example/debian-security');
  assert.equal(debianArchives(sources.slice(2), null), null);
});

test('names say suite, release and architecture', () => {
  assert.deepEqual(parseDebianName('debian:12/arm64'), {
    suites: ['bookworm-security', 'bookworm', 'bookworm-updates'],
    release: null,
    architecture: 'arm64',
  });
  assert.deepEqual(parseDebianName('debian:bookworm-backports/amd64').suites, ['bookworm-backports']);
  const { release, architecture, suites } = parseDebianName('debian:6.1.0-50-686-pae');
  assert.deepEqual([release, architecture, suites[0]], ['6.1.0-50-686-pae', 'i386', 'bookworm-security']);
  // Kernels of backports are named after the suite that they are made for.
  assert.deepEqual(parseDebianName('debian:6.16.12+deb13-amd64').suites.slice(0, 4), [
    'trixie-security',
    'trixie',
    'trixie-updates',
    'trixie-backports',
  ]);
});

test('a download that is interrupted leaves nothing behind', async () => {
  const temporary = path.join(scratch, 'interrupted');
  mkdirSync(temporary);
  let child: ChildProcess | null = null;
  // The first bytes arrive, and then no more.
  const server = createServer((_, response) => {
    response.write('Codename: ');
    setTimeout(() => child?.kill('SIGINT'), 100);
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/debian`;
  try {
    const env = { ...environment(), TMPDIR: temporary, XDG_CACHE_HOME: path.join(scratch, 'other') };
    child = spawn(process.execPath, [CLI, 'target', '--mirror', address, 'debian:6.1.0-9-amd64'], {
      env,
      stdio: 'ignore',
    });
    const signal = await new Promise(resolve => child?.on('exit', (_, by) => resolve(by)));
    assert.equal(signal, 'SIGINT');
    assert.deepEqual(readdirSync(temporary), []);
  } finally {
    server.closeAllConnections();
    server.close();
  }
});

test('what another version kept among the names is passed over', () => {
  const directory = path.join(scratch, 'older');
  const files = namedFiles(directory);
  for (const [key, bytes] of [
    ['0', Uint8Array.of(0x9f, 0xeb, 1, 0)],
    ['1', Buffer.from('[]')],
    ['2', Buffer.from('{"name":"debian:12"}')],
  ] as const)
    assert.ok(files.write(key.repeat(32), bytes));
  assert.deepEqual(namedKernels(directory), []);
});
