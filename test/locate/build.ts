// Builds the fixture module for 6.1: once with debug information, once without.
//   LAB_DIR=DIRECTORY node scripts/build-located.mjs
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { linkPackages } from '../kernel/lib/build';
import { labKernel } from '../kernel/lib/kernels';
import { repositoryRoot } from '../kernel/lib/paths';
import { run } from '../kernel/lib/shell';

const kernel = labKernel('6.1');
const fixtures = path.join(repositoryRoot(), 'test', 'locate', 'fixtures');
const built = path.join(repositoryRoot(), 'test', 'locate', 'built');
const work = mkdtempSync(path.join(os.tmpdir(), 'locate-'));
cpSync(fixtures, work, { recursive: true });
linkPackages(kernel);
// The paths of the machine that builds stay out of the modules.
const maps = [work, kernel.headers, kernel.commonHeaders].map(
  (dir, i) => `-ffile-prefix-map=${dir}=${i === 0 ? '.' : '/usr/src/linux'}`,
);
// Some symbols are exported by nobody: modpost shall only warn of them.
const settings = ['CC=gcc-12', 'KBUILD_MODPOST_WARN=1', `KCFLAGS=${maps.join(' ')}`];
run('make', ['-s', '-C', kernel.headers, `M=${work}`, ...settings, 'modules']);
mkdirSync(built, { recursive: true });
const module = path.join(work, 'located.ko');
// Both ways of being small at once: the sections are compressed, and then the file.
run('objcopy', ['--compress-debug-sections=zlib', module]);
writeFileSync(path.join(built, 'located.ko.gz'), gzipSync(readFileSync(module), { level: 9 }));
run('objcopy', ['--strip-debug', module, path.join(built, 'stripped.ko')]);
rmSync(work, { recursive: true });
