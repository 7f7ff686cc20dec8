// --tool: as which insmod the command speaks, and the calls that one makes.
import { readlinkSync } from 'node:fs';
import path from 'node:path';
import { Option } from 'commander';
import { INSMOD_TOOLS, type Attempt, type InsmodTool, type InsmodToolName } from '../../kmod/insmodTools';
import { deriveFeatures } from '../../linux/deriveFeatures';
import type { InsmodOptions, KernelFacts, LoadResult, ModuleFile, System } from '../../index';
import { readBytes } from '../node/files';
import { complain } from './output';

const NAMES = Object.keys(INSMOD_TOOLS) as InsmodToolName[];

export const toolOption = (): Option =>
  new Option(
    '--tool <name>',
    'whose insmod: how it joins arguments, calls the kernel and reports (default: that of the root filesystem the kernel is in, else kmod)',
  ).choices(NAMES);

/** The tool that was asked for, else the one of the root filesystem that a kernel lies in, which is said. */
export function chooseTool(wanted: InsmodToolName | undefined, kernels: readonly string[]): InsmodTool {
  if (wanted !== undefined) return INSMOD_TOOLS[wanted];
  for (const kernel of kernels) {
    const found = toolOfRoot(kernel);
    if (found === null) continue;
    complain(`as insmod of ${found.name}, which is in ${found.link} (--tool chooses another)`);
    return INSMOD_TOOLS[found.name];
  }
  return INSMOD_TOOLS.kmod;
}

const IN_ROOT = /^(.+?)\/(?:boot|(?:usr\/)?lib\/modules|usr\/src)(?:\/|$)/;

function toolOfRoot(kernel: string): { readonly name: InsmodToolName; readonly link: string } | null {
  const root = IN_ROOT.exec(path.resolve(kernel))?.[1];
  if (root === undefined) return null;
  for (const place of ['sbin/insmod', 'usr/sbin/insmod', 'bin/insmod', 'usr/bin/insmod']) {
    const link = path.join(root, place);
    const name = NAMES.find(each => each === linkedName(link));
    if (name !== undefined && name !== 'kmod') return { name, link };
  }
  return null;
}

function linkedName(link: string): string | null {
  try {
    return path.basename(readlinkSync(link));
  } catch {
    // No link, or nothing there.
    return null;
  }
}

/** Makes the calls of a tool until one succeeds: the log of all of them, and the answer of the last. */
export function insmodAs(
  tool: InsmodTool,
  system: System,
  facts: KernelFacts,
  file: ModuleFile,
  args: string,
  { flags = 0, ...settings }: InsmodOptions,
): LoadResult {
  const packed = file.compression ?? null;
  const attempts = tool.attempts(packed, packed === null ? null : deriveFeatures(facts).decompression);
  const log: LoadResult['log'][number][] = [];
  let result: LoadResult | null = null;
  for (const attempt of attempts) {
    if (result !== null && result.errno === 0) break;
    result = system.insmod(fileFor(attempt, file), args, {
      ...settings,
      syscall: attempt.syscall,
      flags: flags | (attempt.compressedFile ? MODULE_INIT_COMPRESSED_FILE : 0),
    });
    log.push(...result.log);
  }
  if (result === null) throw new Error('a tool makes at least one call');
  return withLine(tool, { ...result, log });
}

/** The result with the words of a tool. */
export function withLine(tool: InsmodTool, result: LoadResult): LoadResult {
  const { errno, module } = result;
  return { ...result, insmod: errno === 0 ? null : tool.line(module.path, errno) };
}

const MODULE_INIT_COMPRESSED_FILE = 4;

function fileFor({ asItIs }: Attempt, file: ModuleFile): ModuleFile {
  if (!asItIs || !file.compression) return { path: file.path, bytes: file.bytes };
  return { path: file.path, bytes: readBytes(file.path) };
}
