// dkms.conf files that were met among the modules of a check.
import path from 'node:path';
import type { Finding } from '../../../findings/types';
import { dkmsFindings, filesToRead } from '../../../kmod/dkms';
import { readTextIfReadable } from '../files';

/** What is wrong with a dkms.conf, by the Makefile beside it. */
export function findingsOfConf(confFile: string): Finding[] {
  const text = (name: string): string | null => readTextIfReadable(path.join(path.dirname(confFile), name));
  const makefiles = ['Makefile', 'Kbuild'].flatMap(name => text(name) ?? []);
  const conf = text(path.basename(confFile)) ?? '';
  const code = new Map<string, string | null>();
  for (;;) {
    const names = filesToRead({ conf, makefiles, code });
    if (names.length === 0) return dkmsFindings({ conf, confFile, makefiles, code });
    for (const name of names) code.set(name, text(name));
  }
}
