// The commands by name. The code of each is run when it is asked for, and not before.
import type { Command } from 'commander';
import { COMMAND_NAMES, isCommandName, type CommandName } from './commandNames';

type Register = (program: Command, version: string) => void;

const LOAD: Readonly<Record<CommandName, () => Promise<Register>>> = {
  insmod: async () => (await import('./insmod')).registerInsmod,
  rmmod: async () => (await import('./rmmod')).registerRmmod,
  modprobe: async () => (await import('./modprobe')).registerModprobe,
  modinfo: async () => (await import('./modinfo')).registerModinfo,
  check: async () => (await import('./check')).registerCheck,
  boot: async () => (await import('./boot')).registerBoot,
  matrix: async () => (await import('./matrix')).registerMatrix,
  why: async () => (await import('./why')).registerWhy,
  initcalls: async () => (await import('./initcalls')).registerInitcalls,
  explain: async () => (await import('./explain')).registerExplain,
  cache: async () => (await import('./cache')).registerCache,
  capture: async () => (await import('./capture')).registerCapture,
  target: async () => (await import('./target')).registerTarget,
  compdb: async () => (await import('./compdb')).registerCompdb,
  mcp: async () => (await import('./mcp')).registerMcp,
  completion: async () => (await import('./completion')).registerCompletion,
};

/**
 * Adds the command that `word` names, or all of them where it names none: help and suggestions are about every command.
 * Completions describe the others, too.
 */
export async function registerCommands(program: Command, word: string | undefined, version: string): Promise<void> {
  const names = isCommandName(word) && word !== 'completion' ? [word] : COMMAND_NAMES;
  for (const name of names) (await LOAD[name]())(program, version);
}
