// The script that loads modules is made of names from files: run by a real shell, it does nothing but that.
import { note } from '../../../src/findings/notes';
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import test from 'node:test';
import { insmodScript } from '../../../src/host/extension/model/documents';
import type { Step, TargetSteps } from '../../../src/protocol/worker';
import { loadResult } from './support';

const step = (file: string): Step => ({
  command: `insmod ${file}`,
  log: [],
  errno: 0,
  errnoName: null,
  toolLine: null,
  result: { ...loadResult(), module: { name: 'm', path: file } },
});

/** What a shell hands to sudo when it runs the script: a line for each command, words between bars. */
function commandsOf(script: string): string[] {
  const directory = mkdtempSync(path.join(os.tmpdir(), 'insmod-lens-script-'));
  try {
    writeFileSync(path.join(directory, 'sudo'), '#!/bin/sh\nprintf "<%s>" "$@"\necho\n', { mode: 0o755 });
    writeFileSync(path.join(directory, 'script'), script);
    const env = { PATH: `${directory}:${process.env['PATH'] ?? ''}` };
    const out = execFileSync('sh', [path.join(directory, 'script')], { cwd: directory, env, encoding: 'utf8' });
    return out.split('\n').filter(line => line !== '');
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

test('names, parameters and remarks stay what they are', { skip: process.platform === 'win32' && 'needs sh' }, () => {
  const steps: TargetSteps = {
    target: { path: '/kernel' },
    release: "6.1\necho 'the release'",
    steps: [step('/p/a;echo b.ko'), step("/p/it's $(id).ko")],
    notes: [note('provider-not-found', { module: 'm', needed: "x\necho 'a note'" })],
  };
  assert.deepEqual(commandsOf(insmodScript(steps, 'whom="a b" n=1;echo $HOME `id` list=1,2')), [
    '<insmod></p/a;echo b.ko>',
    `<insmod></p/it's $(id).ko><whom="a b"><n=1;echo><$HOME><\`id\`><list=1,2>`,
  ]);
});
