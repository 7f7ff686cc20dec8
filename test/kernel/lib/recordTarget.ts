// The facts a recording is replayed with: what the engine reads of the target, and the certificates built into the kernel.
import { X509Certificate } from 'node:crypto';
import { mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { TrustedKeys } from '../../../src/target/types';
import { writeSnapshot } from '../../support/snapshotFile';
import { readTarget } from '../../../src/host/node/targets';
import { TARGET_FILE } from './engine';
import type { LabKernel } from './kernels';
import { recordedDir } from './paths';
import { runBinary } from './shell';

/** Writes recorded/RELEASE/target.json.br. */
export async function recordTarget(kernel: LabKernel): Promise<void> {
  const facts = await readTarget(kernel.headers, { modules: kernel.modules });
  const trustedKeys = builtinCertificates(kernel.vmlinuz);
  mkdirSync(recordedDir(kernel.release), { recursive: true });
  writeSnapshot(path.join(recordedDir(kernel.release), TARGET_FILE), { ...facts, trustedKeys });
}

/** The certificates of the builtin keyring: DER in the data of the uncompressed kernel. */
function builtinCertificates(vmlinuz: string): TrustedKeys {
  const image = unpackKernel(readFileSync(vmlinuz));
  const certificates: Uint8Array[] = [];
  const sequence = Buffer.from([0x30, 0x82]);
  for (let at = image.indexOf(sequence); at >= 0; at = image.indexOf(sequence, at + 1)) {
    // A certificate is a sequence that begins with another.
    if (image[at + 4] !== 0x30 || image[at + 5] !== 0x82) continue;
    const der = image.subarray(at, at + 4 + image.readUInt16BE(at + 2));
    if (isCertificate(der)) certificates.push(new Uint8Array(der));
  }
  return { certificates, source: `the builtin keyring in ${path.basename(vmlinuz)}` };
}

function isCertificate(der: Uint8Array): boolean {
  try {
    return new X509Certificate(der).raw.length === der.length;
  } catch {
    return false;
  }
}

/** The payload of an x86 boot image (Documentation/arch/x86/boot.rst), whose size follows the compressed data. */
function unpackKernel(image: Buffer): Buffer {
  const setupSectors = image.readUInt8(0x1f1) || 4;
  const start = (setupSectors + 1) * 512 + image.readUInt32LE(0x248);
  const payload = image.subarray(start, start + image.readUInt32LE(0x24c) - 4);
  const program = payload.readUInt32BE(0) === 0xfd377a58 ? 'xz' : 'zstd';
  return runBinary(program, ['-dc'], payload);
}
