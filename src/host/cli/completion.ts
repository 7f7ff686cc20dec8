// insmod-lens completion and man: what the command knows of itself, for shells and man(1).
import { Argument, type Command } from 'commander';
import { out } from './output';
import { bashCompletion } from './selfDescription/bash';
import { fishCompletion } from './selfDescription/fish';
import { manualPage } from './selfDescription/manual';
import { wordsOf, type ProgramWords } from './selfDescription/words';
import { zshCompletion } from './selfDescription/zsh';

const SHELLS: Readonly<Record<string, (program: ProgramWords) => string>> = {
  bash: bashCompletion,
  zsh: zshCompletion,
  fish: fishCompletion,
};

/** Adds the commands `completion` and `man`; both describe the commands of `program` when they run. */
export function registerCompletion(program: Command, version: string): void {
  program
    .command('completion')
    .description('print a completion script for a shell')
    .addArgument(new Argument('<shell>', 'the shell').choices(Object.keys(SHELLS)))
    .action((name: string) => out(SHELLS[name]?.(wordsOf(program)) ?? ''));
  program
    .command('man')
    .description('print the manual page, for man -l -')
    .action(() => out(manualPage(wordsOf(program), version)));
}
