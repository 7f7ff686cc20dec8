// insmod-lens capture: a kernel as one file, to simulate against it elsewhere.
import os from 'node:os';
import type { Command } from 'commander';
import { snapshotText } from '../../target/snapshot';
import { readTarget } from '../node/targets';
import { addMirrorOption } from './namedKernels';
import { out } from './output';
import SCRIPT from './captureFiles.sh' with { type: 'text' };

interface CaptureOptions {
  readonly kernel?: string;
  readonly modules?: string;
  readonly btf?: boolean;
  readonly script?: boolean;
}

/** Adds the command `capture`, which prints a snapshot on standard output. Errors are InputErrors for the caller. */
export function registerCapture(program: Command): void {
  addMirrorOption(
    program.command('capture').description('print a snapshot of a kernel, to be given as --kernel on any machine'),
  )
    .option('--kernel <path>', "what --kernel of insmod takes (default: the running kernel's)")
    .option('--modules <path>', "directory of the kernel's own modules, when the build directory does not lead to it")
    .option('--btf', 'include the BTF of vmlinux (about 10 MB more)')
    .option(
      '--script',
      'print a shell script for machines without Node.js: insmod-lens capture --script | ssh root@board sh > board.json',
    )
    .action(async (options: CaptureOptions) => {
      if (options.script === true) {
        out(SCRIPT);
        return;
      }
      out((await captureText(options)) + '\n');
    });
}

async function captureText(options: CaptureOptions): Promise<string> {
  const kernel = options.kernel ?? `/lib/modules/${os.release()}`;
  const facts = await readTarget(kernel, options.modules === undefined ? {} : { modules: options.modules });
  return snapshotText(facts, { btf: options.btf ?? false });
}
