// Files of a workspace that may lie anywhere: modules and snapshots.
import { note, noteText, ReasonedError, reasonOf } from '../../findings/notes';
import * as vscode from 'vscode';
import { parseSnapshot } from '../../target/snapshot';
import type { KernelFacts } from '../../target/types';
import { unpackModule, unpackSnapshot } from './unpack';

/** A module as it is before compression. Throws with a reason for people. */
export async function readModule(uri: vscode.Uri): Promise<{ readonly bytes: Uint8Array; readonly fileSize: number }> {
  return named(uri, async () => {
    const file = await vscode.workspace.fs.readFile(uri);
    return { bytes: await unpackModule(file), fileSize: file.length };
  });
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
  const bytes = await unpackSnapshot(uri.path, await vscode.workspace.fs.readFile(uri));
  const parsed = parseSnapshot(new TextDecoder().decode(bytes));
  if (!parsed.ok) throw new ReasonedError(parsed.reason);
  return parsed.facts;
}

/** Puts the name of the file before what is wrong with it, once: file systems often name it themselves. */
async function named<T>(uri: vscode.Uri, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const reason = reasonOf(error);
    if (noteText(reason).includes(uri.path)) throw error;
    throw new ReasonedError(note('about', { path: uri.path, reason }));
  }
}
