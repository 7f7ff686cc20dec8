// Completion for bash, without the package bash-completion.
import { spellings, type CommandWords, type ProgramWords } from './words';

/** A script for `source <(insmod-lens completion bash)`. Where it offers nothing, bash offers names of files. */
export function bashCompletion({ name, commands, options }: ProgramWords): string {
  const names = [...commands.map(command => command.name), ...options.flatMap(spellings)];
  return `# bash completion for ${name}
_insmod_lens_offer() {
  compopt +o default +o bashdefault
  mapfile -t COMPREPLY < <(compgen -W "$1" -- "$word")
}
_insmod_lens() {
  local word=\${COMP_WORDS[COMP_CWORD]} before=\${COMP_WORDS[COMP_CWORD - 1]}
  COMPREPLY=()
  if ((COMP_CWORD == 1)); then
    _insmod_lens_offer '${names.join(' ')}'
    return
  fi
  # bash takes the = of --option=value for a word.
  if [[ $word == = ]]; then
    word=''
  elif [[ $before == = ]]; then
    before=\${COMP_WORDS[COMP_CWORD - 2]}
  fi
  case "\${COMP_WORDS[1]} $before" in
${commands.flatMap(values).join('\n')}
  esac
  case "\${COMP_WORDS[1]} $word" in
${commands.flatMap(words).join('\n')}
  esac
}
complete -o default -o bashdefault -F _insmod_lens ${name}
`;
}

/** What is offered after an option that takes a value. */
function values(command: CommandWords): string[] {
  return command.options.flatMap(option => {
    if (option.value === null) return [];
    const { choices, kind } = option.value;
    const pattern = spellings(option)
      .map(spelling => `'${command.name} ${spelling}'`)
      .join(' | ');
    return [`    ${pattern}) ${choices.length === 0 && kind === 'file' ? '' : `${offer(choices)}; `}return ;;`];
  });
}

/** What is offered elsewhere: options after a dash, else the choices of an argument, or files. */
function words({ name, options, arguments: args }: CommandWords): string[] {
  const flags = `    '${name} -'*) ${offer(options.flatMap(spellings))} ;;`;
  if (args.some(({ kind }) => kind === 'file')) return [flags];
  return [flags, `    '${name} '*) ${offer(args.flatMap(argument => argument.choices))} ;;`];
}

const offer = (offered: readonly string[]): string => `_insmod_lens_offer '${offered.join(' ')}'`;
