// The files of modprobe's configuration, in the order kmod reads them (libkmod/libkmod-config.c, kmod_config_new()).
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { emptyConfig, parseConfigFile, type ModprobeConfig } from '../../../kmod/config';
import { parseKernelCommandLine } from '../../../kmod/kernelCommandLine';
import { InputError, readBytes, statIfThere } from '../files';

/** Where kmod looks when nobody says where; earlier ones shadow files of the same name in later ones. */
const DEFAULT_PATHS = [
  '/etc/modprobe.d',
  '/run/modprobe.d',
  '/usr/local/lib/modprobe.d',
  '/usr/lib/modprobe.d',
  '/lib/modprobe.d',
];

export interface ConfigOptions {
  /** Directories and files instead of the default ones. */
  readonly paths: readonly string[] | null;
  /** Soft and weak dependencies from the modules: texts of the files by their names. */
  readonly fromModules: Readonly<Record<'modules.softdep' | 'modules.weakdep', string>>;
  /** Directory those files are named by in complaints. */
  readonly directory: string;
  readonly cmdline: string;
}

/** Reads the configuration. What cannot be read is left out, as by kmod. */
export function readConfig({ paths, fromModules, directory, cmdline }: ConfigOptions): ModprobeConfig {
  const config = emptyConfig();
  const files = new Map<string, { readonly path: string; readonly text: () => string | null }>();
  for (const [name, text] of Object.entries(fromModules))
    files.set(name, { path: path.join(directory, name), text: () => text });
  for (const place of paths ?? DEFAULT_PATHS)
    for (const file of listConfig(place, config.problems)) {
      const name = Buffer.from(path.basename(file)).toString('latin1');
      if (!files.has(name)) files.set(name, { path: file, text: () => readOrNull(file) });
    }
  const sorted = [...files].sort(([a], [b]) => (a < b ? -1 : 1));
  for (const [, file] of sorted) {
    const text = file.text();
    if (text !== null) parseConfigFile(config, text, Buffer.from(file.path).toString('latin1'));
  }
  parseKernelCommandLine(config, Buffer.from(cmdline).toString('latin1'));
  return config;
}

/** The files of a directory that are configuration, or the file itself whatever its name. */
function listConfig(place: string, problems: string[]): string[] {
  const stat = statIfThere(place);
  if (!stat) return [];
  if (!stat.isDirectory()) return [place];
  return readdirSync(place).flatMap(name => {
    if (name.startsWith('.') || name.length < 6 || !name.endsWith('.conf')) return [];
    const file = `${place}/${name}`;
    const kind = statIfThere(file);
    if (kind && !kind.isDirectory()) return [file];
    problems.push(
      kind
        ? `libkmod: ERROR: conf_files_filter_out: Directories inside directories are not supported: ${file}`
        : `libkmod: ERROR: conf_files_filter_out: Cannot stat directory entry: ${file}`,
    );
    return [];
  });
}

function readOrNull(file: string): string | null {
  try {
    return Buffer.from(readBytes(file)).toString('latin1');
  } catch (error) {
    if (error instanceof InputError) return null;
    throw error;
  }
}
