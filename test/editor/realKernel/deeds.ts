// A person loads modules on a real kernel: by the lens, with a message that can cancel, and reads what came of it.
import assert from 'node:assert/strict';
import path from 'node:path';
import type { Locator } from 'playwright-core';
import { labKernel } from '../../kernel/lib/kernels';
import type { Deed } from '../lib/deeds';
import type { Hands } from '../lib/hands';
import { SAMPLE_KERNEL } from '../lib/workspace';
import { change, CRASH_LINE, machines, targetsOf } from './folder';
import { NAMED } from './mirror';

const MESSAGE = '.notifications-center .notification-list-item';

/**
 * A message with a text. Under the driver of tests an editor shows messages only where they are collected, and closes that
 * place with the last of them.
 */
async function message(hands: Hands, text: RegExp): Promise<Locator> {
  const found = hands.page.locator(MESSAGE, { hasText: text });
  for (let tries = 0; !(await found.first().isVisible()); tries++) {
    assert.ok(tries < 600, `no message like ${String(text)}`);
    if (!(await hands.page.locator('.notifications-center').isVisible()))
      await hands.page.locator('.statusbar-item[id="status.notifications"]').click();
    // The hint of what is clicked would lie above buttons.
    await hands.page.mouse.move(0, 0);
    await hands.page.waitForTimeout(200);
  }
  return found.first();
}

/** Types a path where the editor asks for a file. While it opens, the dialog may put its own folder in place of what was typed. */
async function chooseFile(hands: Hands, file: string): Promise<void> {
  const dialog = hands.page.locator('.quick-input-widget');
  const input = dialog.locator('input').first();
  await input.waitFor();
  for (let tries = 0; await dialog.isVisible(); tries++) {
    assert.ok(tries < 60, `${file} is not taken`);
    if ((await input.inputValue()) !== file) await input.fill(file);
    else if (await dialog.locator('.monaco-list-row', { hasText: path.basename(file) }).count())
      await hands.press('Enter');
    await hands.page.waitForTimeout(500);
  }
}

async function clickLens(hands: Hands, title: string): Promise<void> {
  const lens = hands.page.locator('.codelens-decoration a', { hasText: title });
  await lens.first().waitFor();
  // Lenses are drawn anew with every report.
  await hands.page.waitForTimeout(1000);
  await lens.first().click();
}

async function load(hands: Hands, name: string): Promise<void> {
  await hands.openFile(`${name}.c`);
  await clickLens(hands, 'Load on the real kernel');
}

const page = (hands: Hands) => hands.document.locator('insmod-lens-report');

async function until(hands: Hands, condition: () => boolean): Promise<void> {
  for (let tries = 0; !condition(); tries++) {
    assert.ok(tries < 2400, 'it did not come');
    await hands.page.waitForTimeout(50);
  }
}

export const bootDeeds = (folder: string, configure: (settings: object) => void, mirror: string): readonly Deed[] => [
  {
    name: 'cancels a machine that is booting',
    run: async hands => {
      await load(hands, 'counter');
      const progress = await message(hands, /Loading counter on the real kernel 6\.1\.0-\d+-amd64/);
      await until(hands, () => machines() > 0);
      await hands.picture('kernel-1-progress');
      await progress.getByRole('button', { name: 'Cancel' }).click();
      await until(hands, () => machines() === 0);
      await hands.page.locator(MESSAGE).waitFor({ state: 'detached' });
      assert.equal(await hands.page.locator('.tab', { hasText: 'counter on' }).count(), 0);
    },
  },
  {
    name: 'loads a module by the lens above MODULE_LICENSE, and reads simulation beside reality',
    run: async hands => {
      await load(hands, 'counter');
      await hands.see('.part.panel .view-lines', /counter: loading out-of-tree module taints kernel/);
      await page(hands).locator('.verdict.good', { hasText: '✓ loads' }).waitFor();
      await page(hands)
        .locator('.note', { hasText: /agree about all \d\d facts/ })
        .waitFor();
      await page(hands).locator('.facts tr.same', { hasText: 'parameter start' }).waitFor();
      await page(hands).locator('.only', { hasText: 'counter: total 3' }).waitFor();
      assert.equal(await page(hands).locator('[data-testid=bug-report]').count(), 0);
      await hands.picture('kernel-2-loads');
    },
  },
  {
    name: 'reads why a module whose device is missing does not load',
    run: async hands => {
      await load(hands, 'absent');
      await page(hands).locator('.verdict.bad', { hasText: 'init failed: ENODEV' }).waitFor();
      await page(hands)
        .locator('.summary', { hasText: /init returned -19 \(ENODEV: No such device\) on this virtual machine/ })
        .waitFor();
      await hands.picture('kernel-3-init');
    },
  },
  {
    name: 'is shown the line of C that a kernel crashed at',
    run: async hands => {
      await load(hands, 'crasher');
      await page(hands).locator('.verdict.bad', { hasText: 'kernel crashed' }).waitFor();
      const frames = page(hands).locator('.frames li');
      await frames.first().waitFor();
      assert.match((await frames.first().textContent()) ?? '', /is_ready\+0x[0-9a-f]+ \[crasher\]/);
      assert.match((await frames.nth(1).textContent()) ?? '', /crasher_init|init_module/);
      await hands.picture('kernel-4-crash');
      await frames.first().locator('vscode-link').click();
      await hands.see('.statusbar-item', new RegExp(`Ln ${CRASH_LINE}, Col`));
    },
  },
  {
    name: 'is told once how to get QEMU where there is none',
    run: async hands => {
      configure({ 'insmodLens.qemu': folder });
      // The editor has messages of its own.
      await hands.command('Notifications: Clear All Notifications');
      await hands.page.waitForTimeout(2000);
      try {
        await load(hands, 'counter');
        await message(hands, /holds no qemu-system-x86_64; QEMU boots the kernel: apt install qemu-system-x86/);
        await hands.picture('kernel-5-no-qemu');
        // That of the progress goes.
        await hands.page.locator(MESSAGE, { hasText: 'Loading counter' }).waitFor({ state: 'detached' });
        assert.equal(await hands.page.locator(MESSAGE).count(), 1);
      } finally {
        configure({ 'insmodLens.mirror': mirror });
        await hands.command('Notifications: Clear All Notifications');
      }
    },
  },
  {
    name: 'chooses an image where none is found, and copies a bug report about a kernel that says something else',
    run: async hands => {
      // Another kernel than the simulated one: both are right, and they differ.
      change(folder, { 'insmodLens.targets': [SAMPLE_KERNEL] });
      await hands.page.waitForTimeout(2000);
      try {
        await load(hands, 'counter');
        const question = await message(hands, /No image of the kernel 6\.1\.0-50-amd64 was found/);
        await question.getByRole('button', { name: 'Choose image' }).click();
        await chooseFile(hands, labKernel('6.12').vmlinuz);
        await page(hands).locator('.facts tr.differs', { hasText: 'verdict' }).waitFor();
        await hands.picture('kernel-6-differs');
        await page(hands).locator('[data-testid=bug-report]').click();
        await message(hands, /Copied a bug report/);
        const copied = await hands.clipboard();
        assert.match(copied, /^# counter on 6\.1\.0-50-amd64: simulation and kernel differ$/m);
        assert.match(copied, /^- module: counter, \d+ bytes, SHA-256 [0-9a-f]{64}$/m);
        assert.match(copied, /^ {2}simulated: loads\n {2}kernel: {4}refused$/m);
      } finally {
        change(folder, { 'insmodLens.targets': [labKernel('6.1').modules] });
        await hands.command('Notifications: Clear All Notifications');
      }
    },
  },
  {
    name: 'asks which kernels the modules would load on, filters, and follows a cell to its finding',
    run: async hands => {
      await hands.openFile('counter.c');
      await hands.command('Insmod Lens: Would it load on');
      const rows = hands.page.locator('.quick-input-list .monaco-list-row');
      // What is chosen already stays chosen; the snapshot in the workspace is another kernel.
      await rows.filter({ hasText: 'newer.kernel.json' }).click();
      await hands.picture('kernel-8-choose');
      await hands.press('Enter');
      const matrix = hands.document.locator('insmod-lens-matrix');
      await matrix.locator('tbody tr', { hasText: 'counter' }).waitFor();
      assert.equal(await matrix.locator('tbody tr').count(), 3);
      assert.equal(await matrix.locator('td.good', { hasText: 'would load' }).count(), 3);
      await matrix.locator('td.bad', { hasText: 'ENOEXEC: ' }).first().waitFor();
      await hands.picture('kernel-9-matrix');
      await matrix.locator('.search input').fill('absent');
      await matrix.locator('[role=status]', { hasText: '1 of 3 modules' }).waitFor();
      await matrix.locator('td.bad vscode-link').click();
      await hands.page.waitForSelector('.tab.active[data-resource-name="Makefile"]');
    },
  },
  {
    name: 'reads both pages after the window was loaded anew, and their buttons work',
    reloads: true,
    run: async hands => {
      await hands.page.locator('.tab', { hasText: 'Would it load' }).click();
      await hands.document.locator('insmod-lens-matrix tbody tr').first().waitFor();
      await hands.command('Developer: Reload Window');
      await hands.document.locator('body').waitFor({ state: 'detached' });
      const matrix = hands.document.locator('insmod-lens-matrix');
      await matrix.locator('tbody tr', { hasText: 'counter' }).waitFor();
      await matrix.locator('tr', { hasText: 'absent' }).locator('td.bad vscode-link').click();
      await hands.page.waitForSelector('.tab.active[data-resource-name="Makefile"]');
      // Tabs open beside the one in front: the last that was opened comes first.
      await hands.page.locator('.tab', { hasText: 'counter on 6.1' }).first().click();
      await page(hands).locator('.facts tr.differs', { hasText: 'verdict' }).waitFor();
      await page(hands).locator('[data-testid=bug-report]').click();
      await message(hands, /Copied a bug report/);
      assert.match(await hands.clipboard(), /^ {2}simulated: loads\n {2}kernel: {4}refused$/m);
      await hands.command('Notifications: Clear All Notifications');
    },
  },
  {
    name: 'asks for a kernel that is not here, by its name, and is told why it is not to be trusted',
    run: async hands => {
      await hands.command('Insmod Lens: Select target kernels');
      await hands.page.locator('.quick-input-list .monaco-list-row', { hasText: 'A kernel that is not here' }).click();
      await hands.press('Enter');
      await hands.see('.quick-input-title', /A kernel that is not here/);
      const input = hands.page.locator('.quick-input-widget input').first();
      await input.fill('fedora:42');
      await hands.see('.quick-input-message', /Names of kernels begin with debian:/);
      await input.fill(NAMED);
      await hands.press('Enter');
      // Its archive is one of nobody's: the index is not signed.
      await message(hands, /InRelease: is not signed by a key of/);
      assert.ok(!targetsOf(folder).includes(NAMED));
      await hands.command('Notifications: Clear All Notifications');
    },
  },
  {
    name: 'stops before init in a debugger',
    run: async hands => {
      await hands.openFile('counter.c');
      await clickLens(hands, 'Debug on the real kernel');
      await hands.see('.xterm-rows', /Temporary breakpoint 1, .*counter_init/);
      await hands.picture('kernel-7-debugger');
      await until(hands, () => machines() === 1);
      await (await message(hands, /Debugging counter/)).getByRole('button', { name: 'Cancel' }).click();
      await until(hands, () => machines() === 0);
    },
  },
];
