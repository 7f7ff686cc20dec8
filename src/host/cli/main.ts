// The command insmod-lens: arguments in, the kernel's answer out.
import { parentPort } from 'node:worker_threads';
import { Command, CommanderError } from 'commander';
import { serveCheck } from '../node/check/thread';
import { InputError } from '../node/files';
import { setOpenedDirectories } from '../places/readableFiles';
import { registerCapture } from './capture';
import { registerCheck } from './check';
import { CANNOT_RUN } from './exitStatus';
import { registerInsmod } from './insmod';
import { registerMcp } from './mcp';
import { registerModinfo } from './modinfo';
import { registerModprobe } from './modprobe';
import { printable } from './printable';
import { registerRmmod } from './rmmod';

async function main(argv: readonly string[]): Promise<void> {
  setOpenedDirectories([process.cwd()]);
  const program = new Command('insmod-lens')
    .description("Runs the Linux kernel's own module loading steps on a built .ko, without loading it.")
    .version(__VERSION__)
    .configureOutput({ outputError: (text, write) => write(usageError(text)) })
    .exitOverride();
  registerInsmod(program);
  registerRmmod(program);
  registerModprobe(program);
  registerModinfo(program);
  registerCheck(program);
  registerCapture(program);
  registerMcp(program, __VERSION__);
  for (const command of program.commands) command.exitOverride();
  try {
    await program.parseAsync(argv);
  } catch (error) {
    process.exitCode = complain(error);
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
function complain(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : CANNOT_RUN;
  if (error instanceof InputError) {
    process.stderr.write(`insmod-lens: ${printable(error.message)}\n`);
    return CANNOT_RUN;
  }
  throw error;
}

declare const __VERSION__: string;

// A reader such as head(1) may go away before everything is printed.
process.stdout.on('error', error => {
  if ((error as NodeJS.ErrnoException).code !== 'EPIPE') throw error;
});

// A check shares its work among threads that run this same file.
if (parentPort) serveCheck(parentPort);
else void main(process.argv);
