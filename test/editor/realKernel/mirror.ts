// An archive of Debian with one kernel, in a directory.
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { debOf, headersOf, tarOf, writeSuite } from '../../support/debianPackage';

export const NAMED = 'debian:12/amd64';
export const NAMED_RELEASE = '6.1.0-9-amd64';

/** Writes the archive below a directory. */
export async function writeMirror(directory: string): Promise<string> {
  const mirror = path.join(directory, 'mirror');
  const release = NAMED_RELEASE;
  const symvers = '0x12345678\tprintk\tvmlinux\tEXPORT_SYMBOL\t\n';
  const deb = async (files: Record<string, string>): Promise<Buffer> => debOf(gzipSync(await tarOf(files)));
  const depends = `linux-image-${release} (= 6.1.9)`;
  writeSuite(mirror, 'bookworm', 'amd64', [
    { name: 'linux-image-amd64', version: '6.1.9', depends, deb: await deb({}) },
    { name: `linux-image-${release}`, version: '6.1.9', deb: await deb({}) },
    { name: `linux-headers-${release}`, version: '6.1.9', deb: await deb(headersOf(release, symvers)) },
  ]);
  return mirror;
}
