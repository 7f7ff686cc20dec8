// Completion for fish.
import type { CommandWords, OptionWords, ProgramWords } from './words';

/** A script for `insmod-lens completion fish | source`, or a file in ~/.config/fish/completions. */
export function fishCompletion({ name, commands, options }: ProgramWords): string {
  const line = (...parts: readonly string[]): string => ['complete', '-c', name, ...parts].join(' ');
  const first = ['-n', '__fish_use_subcommand'];
  const lines = [
    line(...first, '-f'),
    ...options.map(option => line(...first, ...optionParts(option))),
    ...commands.map(command => line(...first, '-a', command.name, '-d', quoted(command.description))),
    ...commands.flatMap(command => commandLines(command, line)),
  ];
  return `# fish completion for ${name}\n${lines.join('\n')}\n`;
}

function commandLines(command: CommandWords, line: (...parts: readonly string[]) => string): string[] {
  const here = ['-n', quoted(`__fish_seen_subcommand_from ${command.name}`)];
  const choices = command.arguments.flatMap(argument => argument.choices);
  const takesFiles = command.arguments.some(({ kind }) => kind === 'file');
  return [
    ...(takesFiles ? [] : [line(...here, '-f', ...(choices.length > 0 ? ['-a', quoted(choices.join(' '))] : []))]),
    ...command.options.map(option => line(...here, ...optionParts(option))),
  ];
}

function optionParts({ short, long, description, value }: OptionWords): string[] {
  const names = [
    ...(short === null ? [] : ['-s', short.slice(1)]),
    ...(long === null ? [] : ['-l', long.replace(/^--/, '')]),
  ];
  return [...names, ...valueParts(value), '-d', quoted(description)];
}

function valueParts(value: OptionWords['value']): string[] {
  if (value === null) return [];
  if (value.choices.length > 0) return ['-x', '-a', quoted(value.choices.join(' '))];
  return value.kind === 'file' ? ['-r', '-F'] : ['-x'];
}

const quoted = (text: string): string => `'${text.replace(/[\\']/g, '\\$&')}'`;
