// Packages and mirrors of Debian's form, small enough for tests.
import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { pack } from 'tar-stream';

export type Texts = Readonly<Record<string, string>>;

/** A tar archive of files by their paths. */
export async function tarOf(files: Readonly<Record<string, string | Buffer>>): Promise<Buffer> {
  const archive = pack();
  archive.entry({ name: './usr/', type: 'directory' });
  for (const [name, contents] of Object.entries(files)) archive.entry({ name: `./${name}` }, contents);
  archive.finalize();
  const parts: Buffer[] = [];
  for await (const part of archive as AsyncIterable<Buffer>) parts.push(part);
  return Buffer.concat(parts);
}

/** An ar archive (ar(5)). */
export function arOf(members: Readonly<Record<string, Buffer>>): Buffer {
  const parts: Buffer[] = [Buffer.from('!<arch>\n')];
  for (const [name, bytes] of Object.entries(members)) {
    const [zero, size] = ['0'.padEnd(6), String(bytes.length).padEnd(10)];
    const header = `${name.padEnd(16)}${'0'.padEnd(12)}${zero}${zero}${'100644'.padEnd(8)}${size}\`\n`;
    parts.push(Buffer.from(header), bytes, Buffer.alloc(bytes.length % 2, '\n'));
  }
  return Buffer.concat(parts);
}

/** deb(5), with packed data as it is given. */
export const debOf = (data: Buffer): Buffer =>
  arOf({ 'debian-binary': Buffer.from('2.0\n'), 'control.tar.gz': gzipSync('odd'), 'data.tar.gz': data });

/** What headers of a kernel hold that says how it loads modules. */
export function headersOf(release: string, symvers: string): Texts {
  const build = `usr/src/linux-headers-${release}`;
  return {
    [`${build}/include/generated/utsrelease.h`]: `#define UTS_RELEASE "${release}"\n`,
    [`${build}/include/config/auto.conf`]: 'CONFIG_X86_64=y\nCONFIG_SMP=y\n',
    [`${build}/include/linux/odd.h`]: 'x'.repeat(100_001),
    [`${build}/Module.symvers`]: symvers,
  };
}

export interface MirroredPackage {
  readonly name: string;
  readonly version: string;
  readonly depends?: string;
  readonly deb: Buffer;
}

/** A suite of a mirror as a directory; its index is not signed. With `byHash` the index of packages has its sum for a name too. */
export function writeSuite(
  mirror: string,
  suite: string,
  architecture: string,
  packages: readonly MirroredPackage[],
  byHash = false,
): void {
  const stanzas = packages.map(({ name, version, depends, deb }) => {
    const file = `pool/main/l/linux/${name}_${version}_${architecture}.deb`;
    write(path.join(mirror, file), deb);
    const lines = [
      `Package: ${name}`,
      `Version: ${version}`,
      `Filename: ${file}`,
      `Size: ${deb.length}`,
      `SHA256: ${sha256(deb)}`,
    ];
    return [...lines, ...(depends === undefined ? [] : [`Depends: ${depends}`])].join('\n');
  });
  const index = gzipSync(['Package: hello\nVersion: 1', ...stanzas].join('\n\n') + '\n');
  const place = `main/binary-${architecture}/Packages.gz`;
  write(path.join(mirror, 'dists', suite, place), index);
  if (byHash) write(path.join(mirror, 'dists', suite, path.dirname(place), 'by-hash', 'SHA256', sha256(index)), index);
  const head = `Codename: ${suite}\n${byHash ? 'Acquire-By-Hash: yes\n' : ''}`;
  const release = `${head}MD5Sum:\n 00 1 ${place}\nSHA256:\n ${sha256(index)} ${index.length} ${place}\n`;
  write(path.join(mirror, 'dists', suite, 'InRelease'), Buffer.from(release));
}

const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

function write(file: string, bytes: Buffer): void {
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, bytes);
}
