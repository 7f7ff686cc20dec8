// The command insmod-lens: arguments in, the kernel's answer out.
import { parentPort } from 'node:worker_threads';
import { Command, CommanderError, Option } from 'commander';
import { CHECK_THREAD } from '../node/check/checkThread';
import { InputError } from '../../target/files';
import { argumentsOf } from '../node/osPath';
import { setOpenedDirectories } from '../places/readableFiles';
import { registerCommands } from './commands';
import { CANNOT_RUN, leaveWith } from './exitStatus';
import { complain, err, watchOutput } from './output';
import { prepareNamedKernels } from './namedKernels';
import { printable } from './printable';

async function main(argv: readonly string[]): Promise<void> {
  setOpenedDirectories([process.cwd()]);
  const program = new Command('insmod-lens')
    .description("Runs the Linux kernel's own module loading steps on a built .ko, without loading it.")
    .version(__VERSION__)
    .configureOutput({ outputError: (text, write) => write(usageError(text)) })
    .exitOverride();
  await registerCommands(program, argv[2], __VERSION__);
  for (const command of program.commands)
    command.exitOverride().addOption(new Option(DEBUG, 'on an internal error, show where it happened').hideHelp());
  program.hook('preAction', (_, command) => prepareNamedKernels(command));
  try {
    await program.parseAsync(argv);
  } catch (error) {
    report(error);
  }
}

/** commander's own complaint, in one line and with where to look. */
function usageError(text: string): string {
  const [complaint = '', ...more] = text
    .replace(/^error: /, '')
    .trim()
    .split(/\n(?=\()/);
  return `insmod-lens: ${[complaint, ...more].map(printable).join(' ')} (see insmod-lens --help)\n`;
}

/** Says in one line what is wrong; commander has printed its own usage errors already. */
function report(error: unknown): void {
  if (error instanceof CommanderError) {
    if (error.exitCode !== 0) leaveWith(CANNOT_RUN);
    return;
  }
  leaveWith(CANNOT_RUN);
  if (error instanceof InputError) {
    complain(error.message);
    return;
  }
  const { message, stack } = error instanceof Error ? error : new Error(String(error));
  complain(`internal error: ${message} (--debug shows where)`);
  if (process.argv.includes(DEBUG)) err(`${stack ?? message}\n`);
}

const DEBUG = '--debug';

declare const __VERSION__: string;

// A check shares its work among threads that run this same file.
if (process.argv[2] === CHECK_THREAD && parentPort) {
  const port = parentPort;
  void import('../node/check/thread').then(({ serveCheck }) => serveCheck(port));
} else {
  watchOutput();
  // What nobody waited for must not end in Node's own report, and not in the status of a refusal.
  process.on('uncaughtException', error => {
    report(error);
    process.exit();
  });
  void main(argumentsOf(process.argv));
}
