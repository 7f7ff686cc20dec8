// Recorded cases through `boot`: what a kernel answers now is what was recorded of it, and what the simulation says.
// A sample; INSMOD_LENS_BOOT_CASES=200 takes that many of x86_64 and a quarter of them of other architectures.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ensureArchKernel, ensureKernel } from './lib/ensureKernel';
import { ensurePrograms } from './lib/machine';
import { judgeByBoot, type BootJudgement } from './lib/judgeByBoot';
import { archLabKernel } from './arch/kernels';
import { labKernel } from './lib/kernels';

const CASES = Number(process.env['INSMOD_LENS_BOOT_CASES'] ?? '60');

const KERNELS = [
  {
    key: '6.1',
    arch: 'x86_64',
    program: 'qemu-system-x86_64',
    count: CASES,
    find: () => labKernel('6.1'),
    ensure: ensureKernel,
  },
  {
    key: 'arm64-6.1',
    arch: 'arm64',
    program: 'qemu-system-aarch64',
    count: Math.ceil(CASES / 4),
    find: () => archLabKernel('arm64-6.1'),
    ensure: ensureArchKernel,
  },
] as const;

for (const { key, arch, program, count, find, ensure } of KERNELS) {
  const skip = ensurePrograms(`recorded cases of ${arch} on their kernel`, [program]) ?? ensure(key) ?? false;
  test(`${count} recorded cases of ${key} on their kernel`, { skip }, async () => {
    const { release, vmlinuz } = find();
    const judgement = await judgeByBoot(release, arch, vmlinuz, count);
    console.log(summary(judgement));
    assert.ok(judgement.cases >= Math.min(count, 10));
    assert.deepEqual(judgement.againstRecording, []);
    assert.deepEqual(judgement.againstSimulation, []);
  });
}

function summary({ cases, steps, facts, boots, crashes }: BootJudgement): string {
  return `${cases} cases, ${steps} steps and ${facts} facts in ${boots} boots; crashes: ${crashes.join(', ') || 'none'}`;
}
