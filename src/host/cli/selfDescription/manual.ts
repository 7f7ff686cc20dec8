// The manual page insmod-lens(1), in the man macros that every system has.
import { STATUS_MEANINGS } from '../exitStatus';
import { spellings, type CommandWords, type OptionWords, type ProgramWords } from './words';

/** The page as roff. It has no date: the same build makes the same page. */
export function manualPage(program: ProgramWords, version: string): string {
  const { name, description, commands, options } = program;
  return [
    `.TH INSMOD\\-LENS 1 "" "${text(name)} ${text(version)}" "User Commands"`,
    '.SH NAME',
    `${text(name)} \\- simulate the loading of Linux kernel modules`,
    '.SH SYNOPSIS',
    ...commands.flatMap((command, i) => [
      ...(i > 0 ? ['.br'] : []),
      `.B ${text(name)} ${text(command.name)}`,
      usage(command),
    ]),
    '.SH DESCRIPTION',
    text(description),
    'Nothing is loaded, and no code of a module is run.',
    '.SH COMMANDS',
    ...commands.filter(command => command.description !== '').flatMap(commandPart),
    '.SH OPTIONS',
    ...options.flatMap(optionPart),
    '.SH EXIT STATUS',
    ...STATUS_MEANINGS.flatMap(([status, meaning]) => ['.TP', `.B ${status}`, text(sentence(meaning))]),
    '.SH FILES',
    '.TP',
    '.I $XDG_CACHE_HOME/insmod\\-lens',
    text('Results that check keeps for the next run; ~/.cache/insmod-lens if the variable is not set.'),
    '.SH SEE ALSO',
    '.BR insmod (8),',
    '.BR modprobe (8),',
    '.BR modinfo (8),',
    '.BR depmod (8)',
    '',
  ].join('\n');
}

/** Its operands, in one line; options stand in the command's own part. */
function usage({ arguments: args }: CommandWords): string {
  return ['[options]', ...args.map(argument => text(argument.usage))].join(' ');
}

function commandPart(command: CommandWords): string[] {
  const { name, description, options, arguments: args } = command;
  return [
    `.SS ${text(name)}`,
    text(sentence(description)),
    ...args.flatMap(argument => ['.TP', `.I ${text(argument.usage)}`, text(sentence(argument.description))]),
    ...options.flatMap(optionPart),
  ];
}

function optionPart(option: OptionWords): string[] {
  const { description, value } = option;
  const choices = value && value.choices.length > 0 ? ` (${value.choices.join(', ')})` : '';
  const names = spellings(option).map(spelling => `\\fB${text(spelling)}\\fR`);
  const operand = value === null ? '' : ` \\fI${text(value.name)}\\fR`;
  return ['.TP', names.join(', ') + operand, text(sentence(description + choices))];
}

/** The short texts of --help have neither a capital nor a full stop. */
function sentence(words: string): string {
  const first = words.charAt(0).toUpperCase() + words.slice(1);
  return /[.!?]$/.test(first) ? first : `${first}.`;
}

/** Characters that roff would take for its own. */
function text(words: string): string {
  return words
    .replaceAll('\\', '\\e')
    .replaceAll('-', '\\-')
    .replace(/^(?=[.'])/gm, '\\&');
}
