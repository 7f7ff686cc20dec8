// The command as data, read from its own definitions: completions and the manual page are made of it.
import type { Argument, Command, Option } from 'commander';

/** What is typed after an option, or as an argument. */
export type ValueKind = 'file' | 'text';

export interface OptionWords {
  /** `-f`, or null. */
  readonly short: string | null;
  /** `--force`, or null. */
  readonly long: string | null;
  readonly description: string;
  /** null for a switch. */
  readonly value: { readonly name: string; readonly kind: ValueKind; readonly choices: readonly string[] } | null;
}

export interface ArgumentWords {
  /** As in a usage line: `<module.ko>`, `[param=value...]`. */
  readonly usage: string;
  readonly description: string;
  readonly kind: ValueKind;
  readonly choices: readonly string[];
}

export interface CommandWords {
  readonly name: string;
  readonly description: string;
  readonly options: readonly OptionWords[];
  readonly arguments: readonly ArgumentWords[];
}

export interface ProgramWords extends CommandWords {
  readonly commands: readonly CommandWords[];
}

/** `program` with its commands, hidden options left out. */
export function wordsOf(program: Command): ProgramWords {
  return { ...commandWords(program), commands: program.createHelp().visibleCommands(program).map(commandWords) };
}

function commandWords(command: Command): CommandWords {
  const help = command.createHelp();
  return {
    name: command.name(),
    description: command.description(),
    options: help.visibleOptions(command).map(optionWords),
    arguments: command.registeredArguments.map(argumentWords),
  };
}

function optionWords({ short, long, flags, description, required, optional, argChoices }: Option): OptionWords {
  const name = /[<[]([^[\]<>]+)[\]>]/.exec(flags)?.[1] ?? '';
  const value = required || optional ? { name, kind: kindOf(name), choices: argChoices ?? [] } : null;
  return { short: short ?? null, long: long ?? null, description, value };
}

function argumentWords(argument: Argument): ArgumentWords {
  const { required, variadic, description, argChoices } = argument;
  const name = argument.name() + (variadic ? '...' : '');
  return {
    usage: required ? `<${name}>` : `[${name}]`,
    description,
    kind: kindOf(argument.name()),
    choices: argChoices ?? [],
  };
}

/** By the name of the placeholder, which is the same for the same kind of thing in all commands. */
function kindOf(name: string): ValueKind {
  return /^(?:path|file|dir|module|module\.ko)$/.test(name) ? 'file' : 'text';
}

/** `-f`, `--force`, both or one of them. */
export function spellings({ short, long }: OptionWords): string[] {
  return [short, long].filter(each => each !== null);
}
