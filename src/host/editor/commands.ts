// Registering commands with the argument types that ids.ts gives them.
import * as vscode from 'vscode';
import type { CommandArguments, CommandId } from './ids';
import { tellFailure } from './failures';

/** A command whose failure is told to the person. */
export function command<C extends CommandId>(id: C, run: (...args: CommandArguments[C]) => unknown): vscode.Disposable {
  return vscode.commands.registerCommand(id, async (...args: CommandArguments[C]) => {
    try {
      await run(...args);
    } catch (error) {
      tellFailure(error);
    }
  });
}

/** For code lenses, links and tree items. */
export function commandLink<C extends CommandId>(id: C, title: string, ...args: CommandArguments[C]): vscode.Command {
  return { command: id, title, arguments: args };
}
