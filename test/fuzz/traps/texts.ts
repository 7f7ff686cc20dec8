// Text files of strangers that begin something on each of a million places and never end it: whoever looks for the end from
// each of them takes time with the square of the file's length.
import path from 'node:path';
import { BuildOutput, isBuildCommand } from '../../../src/host/extension/model/buildOutput';
import { hasRules, namesModules } from '../../../src/host/extension/model/buildTask';
import { passKernel } from '../../../src/host/extension/model/dkms';
import { namesExtraSymbols } from '../../../src/host/extension/model/fixes';
import { ReadableFiles } from '../../../src/host/places/readableFiles';
import { buildFileOf, dependenciesOf, sourcesOfBuild } from '../../../src/host/places/sourceFiles';
import { BOOT_LISTS } from '../../../src/kmod/bootLists';
import { emptyConfig, parseConfigFile } from '../../../src/kmod/config';
import { dkmsFindings } from '../../../src/kmod/dkms';
import { explainLog } from '../../../src/explain/explainLog';
import { crashFrames } from '../../../src/report/boot/crashFrames';
import { defaultTarget } from '../../../src/target/defaultTarget';
import type { TargetFiles } from '../../../src/target/files';
import { parseProfile } from '../../../src/target/profile';
import type { Step, Trap } from './types';

const MIB = 1 << 20;

/** Beginnings of what these files hold. */
const BEGINNINGS = [
  '\n',
  '\r',
  ' ',
  'a',
  '/',
  '"',
  '[',
  ';',
  '#/*\n',
  '#/* ',
  'x := \\\n',
  'deps_a := \\\n',
  'obj-m += \\\n',
  '/linux-headers-',
  '/include/generated',
  'MODULES=(',
  'MAKE="',
  'error: ',
  '*** ',
  'a+0x',
  'A=1 ',
];

/** Every file has this text, and none is one that anybody may open. */
class OneText extends ReadableFiles {
  constructor(private readonly text: string) {
    super('/trap');
  }

  override isFile(): boolean {
    return false;
  }

  override readText(): string {
    return this.text;
  }
}

/** A directory in which every file that is asked for has this text. */
function files(text: string): TargetFiles {
  const asked: Partial<TargetFiles> = {
    path: path.posix,
    runningRelease: '6.1.0',
    isThere: () => false,
    isAutomounted: () => false,
    isDirectory: () => false,
    list: () => [{ name: '.a.o.cmd', isDirectory: false }],
    read: () => null,
    readText: () => text,
  };
  return asked as TargetFiles;
}

/** Everything that reads files beside a module, and what builds and consoles print. */
function readers(text: string): Record<string, () => unknown> {
  const beside = new OneText(text);
  const third = text.slice(0, MIB / 3);
  return {
    'default target': () => defaultTarget('/trap/a.ko', files(text)),
    sources: () => sourcesOfBuild('/trap/a.ko', 'a', beside),
    headers: () => dependenciesOf('/trap/a.c', beside),
    'build file': () => buildFileOf('/trap/a.ko', 'a', beside),
    'boot lists': () => BOOT_LISTS.map(([, namesIn]) => namesIn(text)),
    'modprobe.d': () => parseConfigFile(emptyConfig(), text, 'trap.conf'),
    'dkms.conf': () => dkmsFindings({ conf: text, confFile: 'dkms.conf', makefiles: [text], code: new Map() }),
    'code for DKMS': () =>
      dkmsFindings({
        conf: 'BUILT_MODULE_NAME=a',
        confFile: 'dkms.conf',
        makefiles: ['obj-m := a.o\n'],
        code: new Map([['a.c', text]]),
      }),
    Makefile: () => [hasRules(text), namesModules(text), namesExtraSymbols(text, '/trap', '/trap/Module.symvers')],
    fixes: () => passKernel(text, 0, 'x'),
    build: () =>
      new BuildOutput('/trap').read(['', 'ERROR: modpost: ', 'make: '].map(who => `${who}${third}\n`).join('')),
    log: () =>
      explainLog([text, `[    1.000000] x: ${third}`, `insmod: ERROR: could not insert module ${third}`].join('\n')),
    shell: () => isBuildCommand(text),
    console: () => crashFrames([`RIP: 0010:${text}`, text]),
    profile: () => parseProfile(text),
  };
}

export const TEXT_TRAPS: readonly Trap[] = [
  {
    name: 'texts of a megabyte that begin something everywhere',
    make: () =>
      BEGINNINGS.flatMap((piece): Step[] => {
        const text = piece.repeat(MIB / piece.length);
        return Object.entries(readers(text)).map(([reader, run]) => ({
          name: `${reader} of ${JSON.stringify(piece)}`,
          run: () => void run(),
        }));
      }),
  },
];
