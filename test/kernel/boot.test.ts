// Recorded cases through `boot`: what a kernel answers now is what was recorded of it, and what the simulation says.
// A sample; INSMOD_LENS_BOOT_CASES=200 takes that many of x86_64, a quarter of them of arm64 and i386, and a twelfth of the rest.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { machineOf } from '../../src/host/node/boot/machines';
import type { Arch } from '../../src/target/types';
import { ensureArchKernel, ensureKernel } from './lib/ensureKernel';
import { ensurePrograms } from './lib/machine';
import { judgeByBoot, type BootJudgement } from './lib/judgeByBoot';
import { archLabKernel } from './arch/kernels';
import { labKernel, labRelease } from './lib/kernels';
import { leftOut } from '../support/leftOut';

const CASES = Number(process.env['INSMOD_LENS_BOOT_CASES'] ?? '60');

const pc = (key: string) =>
  ({ arch: 'x86_64', key, count: CASES, find: () => labKernel(key), ensure: ensureKernel }) as const;

const other = (arch: Arch, key: string, part: number) =>
  ({ arch, key, count: Math.ceil(CASES / part), find: () => archLabKernel(key), ensure: ensureArchKernel }) as const;

/** Three kernels and three emulators more are too much to fetch for every run of the tests. */
const ifAtHand = (arch: Arch, key: string, part: number) =>
  ({
    ...other(arch, key, part),
    ensure: () =>
      labRelease(key) === null
        ? leftOut(`recorded cases of ${key} on their kernel`, `npm run test:kernel -- ${key} fetches it`)
        : null,
  }) as const;

const KERNELS = [
  pc('6.1'),
  other('arm64', 'arm64-6.1', 4),
  other('i386', 'i386-6.1', 4),
  ifAtHand('arm', 'armhf-6.1', 12),
  other('riscv64', 'riscv64-6.12', 12),
  ifAtHand('ppc64le', 'ppc64el-6.1', 12),
  ifAtHand('s390x', 's390x-6.1', 12),
];

for (const { key, arch, count, find, ensure } of KERNELS) {
  const program = machineOf(arch)?.program ?? '';
  const skip = ensure(key) ?? ensurePrograms(`recorded cases of ${arch} on their kernel`, [program]) ?? false;
  test(`${count} recorded cases of ${key} on their kernel`, { skip }, async () => {
    const { release, vmlinuz } = find();
    const judgement = await judgeByBoot(release, arch, vmlinuz, count);
    console.log(summary(judgement));
    assert.ok(judgement.cases >= Math.min(count, 5));
    assert.deepEqual(judgement.againstRecording, []);
    assert.deepEqual(judgement.againstSimulation, []);
  });
}

function summary({ cases, steps, facts, boots, crashes }: BootJudgement): string {
  return `${cases} cases, ${steps} steps and ${facts} facts in ${boots} boots; crashes: ${crashes.join(', ') || 'none'}`;
}
