// Commands in an editor that is only a page: what they say is what the command of the terminal prints.
import assert from 'node:assert/strict';
import type { Deed } from '../lib/deeds';
import type { Hands } from '../lib/hands';
import { openDocument } from './documents';
import { commandLines, SNAPSHOTS } from './expected';

/** Simulates insmod of a module that is chosen by its name. */
async function simulate(hands: Hands, module: string, args: string): Promise<void> {
  await hands.command('View: Close All Editors');
  await hands.command('Insmod Lens: Simulate insmod');
  // By name; those of the same name are in folders that come later.
  await hands.see('.quick-input-list .monaco-list-row', new RegExp(`^${module}`));
  await hands.page.keyboard.type(module);
  await hands.see('.quick-input-list .monaco-list-row.focused', new RegExp(`^${module}`));
  await hands.press('Enter');
  await hands.see('.quick-input-title', /Simulate insmod/);
  await hands.page.keyboard.type(args);
  await hands.press('Enter');
}

/** What the output channel has from the last simulation on, one for each snapshot. */
async function output(hands: Hands, command: string): Promise<string[]> {
  await hands.command('Output: Focus on Output View');
  for (let tries = 0; tries < 150; tries++, await hands.page.waitForTimeout(200)) {
    await hands.press('Control+a', 'Control+c');
    const lines = (await hands.page.evaluate<string>('navigator.clipboard.readText()')).split(/\r?\n/);
    const begins = lines.flatMap((line, i) => (line.startsWith('$ ') ? [i] : [])).slice(-SNAPSHOTS.length);
    if (begins.length === SNAPSHOTS.length && begins.every(i => lines[i]?.startsWith(`$ ${command} `)))
      return lines.slice(begins[0]);
  }
  throw new Error(`nothing of ${command} in the output`);
}

const SIMULATIONS = [
  { module: 'greeter', args: ['whom=you', 'tims=2'] },
  { module: 'trouble', args: [] },
];

export const COMMANDS_OF_PAGE: readonly Deed[] = [
  {
    name: 'modules are listed in the view, and a click opens one',
    run: async hands => {
      await hands.command('Kernel modules: Focus on Kernel modules View');
      await hands.see('.pane-body .monaco-list-row', /trouble\.ko/);
      await hands.picture('web-view');
      await hands.page.locator('.pane-body .monaco-list-row', { hasText: 'trouble.ko' }).click();
      await hands.document.locator('header .path', { hasText: 'trouble/trouble.ko' }).waitFor();
      await hands.command('Explorer: Focus on Folders View');
    },
  },
  ...SIMULATIONS.map(({ module, args }): Deed => ({
    name: `insmod ${module}.ko is simulated with the lines of the command`,
    run: async hands => {
      await simulate(hands, `${module}.ko`, args.join(' '));
      const file = `${module}/${module}.ko`;
      const shown = await output(hands, ['insmod', file, ...args].join(' '));
      await hands.picture(`web-simulated-${module}`);
      assert.deepEqual(
        shown.filter(line => line !== '' && !/^[#$]/.test(line)),
        commandLines(file, args),
      );
    },
  })),
  {
    name: 'the lines of a log are explained: those selected, else those copied',
    run: async hands => {
      await hands.command('View: Hide Panel');
      await hands.page.evaluate('navigator.clipboard.writeText("trouble: Unknown symbol dma_buf_get (err -2)")');
      await hands.command('Insmod Lens: Explain kernel log');
      await hands.see('.editor-container .view-line', /What the kernel log says/);
      await hands.see('.editor-container .view-line', /unknown-symbol|symbol-not-in-target/);
      await hands.picture('web-explained');
      await hands.openInExplorer('dmesg.txt');
      await hands.see('.editor-container .view-line', /disagrees/);
      await hands.press('Control+a');
      await hands.command('Insmod Lens: Explain kernel log');
      await hands.see('.editor-container .view-line', /symbol-version/);
    },
  },
  {
    name: 'why a module is refused, and the versions of its symbols',
    run: async hands => {
      await openDocument(hands, 'trouble/trouble.ko', 'EINVAL');
      await hands.command('Insmod Lens: Explain what the kernel says');
      await hands.see('.editor-container .view-line', /trouble: what the kernel says/);
      await hands.see('.editor-container .view-line', /## error: symbol-version/);
      await openDocument(hands, 'trouble/trouble.ko', 'EINVAL');
      await hands.command('Insmod Lens: Show symbol versions');
      await hands.see('.editor-container .view-line', /0x3517383e/);
      await hands.picture('web-symbol-versions');
    },
  },
  {
    name: 'a kernel is chosen, and the open document is held against it alone',
    run: async hands => {
      await openDocument(hands, 'trouble/trouble.ko', 'refused');
      await hands.command('Insmod Lens: Select target kernels');
      await hands.see('.quick-input-list .monaco-list-row', /debian-14/);
      await hands.page.keyboard.type('debian-14');
      await hands.page.locator('.quick-input-list .monaco-list-row', { hasText: 'debian-14' }).click();
      await hands.picture('web-targets');
      await hands.press('Enter');
      await hands.document.locator('header .verdict', { hasText: 'ENOEXEC' }).waitFor();
      assert.equal(await hands.document.locator('[data-testid=compared]').count(), 0);
    },
  },
  {
    name: 'a command that needs files on disk says so',
    run: async hands => {
      await hands.command('Insmod Lens: Simulate modprobe');
      await hands.see('.notification-list-item-message', /This needs files on disk/);
      await hands.picture('web-needs-files');
      await hands.command('Notifications: Clear All Notifications');
    },
  },
];
