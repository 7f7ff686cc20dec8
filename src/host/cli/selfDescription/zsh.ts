// Completion for zsh.
import { spellings, type CommandWords, type OptionWords, type ProgramWords } from './words';

/** A script to be sourced after compinit, or kept as `_insmod-lens` in a directory of $fpath. */
export function zshCompletion({ name, commands, options }: ProgramWords): string {
  return `#compdef ${name}
_${name}() {
  local state line
  typeset -A opt_args
  local -a commands
  commands=(
${commands.map(command => `    ${quoted(`${command.name}:${command.description}`)}`).join('\n')}
  )
  _arguments -C ${options.flatMap(specs).join(' ')} '1: :->command' '*:: :->rest'
  case $state in
    command) _describe -t commands command commands ;;
    rest)
      case $words[1] in
${commands.map(branch).join('\n')}
      esac
      ;;
  esac
}
if [[ $funcstack[1] == _${name} ]]; then _${name} "$@"; else compdef _${name} ${name}; fi
`;
}

function branch({ name, options, arguments: args }: CommandWords): string {
  const operands = args.map(({ usage, kind, choices }, i) => {
    const place = usage.includes('...') ? '*' : String(i + 1);
    return quoted(`${place}:${escaped(usage)}:${action(kind, choices)}`);
  });
  return `        ${name}) _arguments -s ${[...options.flatMap(specs), ...operands].join(' ')} ;;`;
}

/** One spec for each spelling; any may be given again. */
function specs(option: OptionWords): string[] {
  const { value, description } = option;
  return spellings(option).map(spelling => {
    const text = `*${spelling}${value !== null && spelling.startsWith('--') ? '=' : ''}[${escaped(description)}]`;
    return quoted(value === null ? text : `${text}:${escaped(value.name)}:${action(value.kind, value.choices)}`);
  });
}

function action(kind: 'file' | 'text', choices: readonly string[]): string {
  if (choices.length > 0) return `(${choices.join(' ')})`;
  return kind === 'file' ? '_files' : ' :';
}

const escaped = (text: string): string => text.replace(/[\\[\]:]/g, '\\$&');

const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;
