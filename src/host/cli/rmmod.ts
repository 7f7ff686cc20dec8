// insmod-lens rmmod: removing one of the modules that are loaded.
import { moduleNameOfPath } from '../../formats/ko/moduleName';
import type { Command } from 'commander';
import { rmmodLines } from '../../kmod/insmodLine';
import { printable } from './printable';
import { printLog } from './printResult';
import { addTargetOptions, bootSystem, openTargets, type TargetOptions } from './targetOptions';
import { leaveWith } from './exitStatus';
import { out } from './output';

interface RmmodOptions extends TargetOptions {
  readonly force?: boolean;
}

const O_NONBLOCK = 0x800;
const O_TRUNC = 0x200;

export function registerRmmod(program: Command): void {
  addTargetOptions(
    program
      .command('rmmod')
      .description('simulate removing a module that --loaded put there')
      .argument('<name>', 'name of the module; a file name will do'),
  )
    .option('-f, --force', 'force unloading, as rmmod --force')
    .action(rmmod);
}

async function rmmod(argument: string, options: RmmodOptions): Promise<void> {
  const name = moduleNameOfPath(argument);
  const lastLoaded = options.loaded?.at(-1) ?? null;
  let failed = false;
  for (const target of await openTargets(options, lastLoaded)) {
    const system = await bootSystem(target, options);
    const users = system.modules.find(module => module.name === name)?.holders ?? [];
    const result = system.rmmod(name, { flags: O_NONBLOCK | (options.force ? O_TRUNC : 0) });
    printLog(result.log);
    for (const line of rmmodLines(name, result.errno, users)) out(printable(line) + '\n');
    failed ||= result.errno !== 0;
  }
  leaveWith(failed ? 1 : 0);
}
