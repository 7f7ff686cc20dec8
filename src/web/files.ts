// Files of a workspace that may lie anywhere: modules and snapshots, unpacked with what a browser has.
import decompressBrotli from 'brotli/decompress';
import { Decompress as Unzstd } from 'fzstd';
import * as vscode from 'vscode';
import { XzReadableStream } from 'xz-decompress';
import { parseSnapshot } from '../core/kernel/snapshot';
import type { KernelFacts } from '../core/kernel/types';

/** Larger than any module or snapshot by far, in bytes. */
const MOST_BYTES = 2 ** 28;

/** A module as it is before compression. Throws with a reason for people. */
export async function readModule(uri: vscode.Uri): Promise<{ readonly bytes: Uint8Array; readonly fileSize: number }> {
  const file = await vscode.workspace.fs.readFile(uri);
  return { bytes: await unpack(file), fileSize: file.length };
}

const snapshots = new Map<string, { readonly stamp: string; readonly facts: Promise<KernelFacts> }>();

/** A snapshot; kept until the file changes. Throws with a reason for people. */
export async function readSnapshot(uri: vscode.Uri): Promise<KernelFacts> {
  const { mtime, size } = await vscode.workspace.fs.stat(uri);
  const stamp = `${mtime}:${size}`;
  const known = snapshots.get(uri.toString());
  if (known?.stamp === stamp) return known.facts;
  const facts = parse(uri);
  snapshots.set(uri.toString(), { stamp, facts });
  return facts;
}

async function parse(uri: vscode.Uri): Promise<KernelFacts> {
  const file = await vscode.workspace.fs.readFile(uri);
  const bytes = uri.path.endsWith('.br') ? decompressBrotli(file) : await unpack(file);
  const parsed = parseSnapshot(new TextDecoder().decode(bytes));
  if (!parsed.ok) throw new Error(`${uri.path}: ${parsed.reason}`);
  return parsed.facts;
}

/** By the first bytes, not by the name. */
async function unpack(file: Uint8Array): Promise<Uint8Array> {
  const starts = (...magic: number[]): boolean => magic.every((byte, i) => file[i] === byte);
  if (starts(0x1f, 0x8b)) return collect(streamOf(file).pipeThrough(new DecompressionStream('gzip')));
  if (starts(0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00)) return collect(new XzReadableStream(streamOf(file)));
  if (starts(0x28, 0xb5, 0x2f, 0xfd)) return unzstd(file);
  return file;
}

function streamOf(file: Uint8Array): ReadableStream<Uint8Array<ArrayBuffer>> {
  return new ReadableStream({
    start(controller) {
      controller.enqueue(new Uint8Array(file));
      controller.close();
    },
  });
}

function unzstd(file: Uint8Array): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  new Unzstd(piece => pieces.push(piece)).push(file, true);
  return Promise.resolve(joined(pieces));
}

async function collect(stream: ReadableStream<Uint8Array>): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  const reader = stream.getReader();
  for (let part = await reader.read(); !part.done; part = await reader.read()) pieces.push(part.value);
  return joined(pieces);
}

function joined(pieces: readonly Uint8Array[]): Uint8Array {
  const total = pieces.reduce((sum, { length }) => sum + length, 0);
  if (total > MOST_BYTES) throw new Error('decompresses to more than a module can have');
  const whole = new Uint8Array(total);
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}
