// dkms.conf files beside the modules of a check.
import path from 'node:path';
import type { Finding } from '../../../findings/types';
import { dkmsFindings } from '../../../kmod/dkms';
import { readTextIfReadable } from '../files';

/** What is wrong with them, each once. A module lies beside its dkms.conf, or in a directory below. */
export function dkmsBeside(files: readonly string[]): Finding[] {
  const directories = new Set(files.map(file => path.dirname(file)));
  const seen = new Set<string>();
  const found: Finding[] = [];
  for (const directory of directories)
    for (const place of [directory, path.dirname(directory)]) {
      if (seen.has(place)) continue;
      seen.add(place);
      const confFile = path.join(place, 'dkms.conf');
      const conf = readTextIfReadable(confFile);
      if (conf === null) continue;
      const makefiles = ['Makefile', 'Kbuild'].flatMap(name => readTextIfReadable(path.join(place, name)) ?? []);
      found.push(...dkmsFindings({ conf, confFile, makefiles }));
    }
  return found;
}
