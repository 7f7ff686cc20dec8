// Commands in an editor that is only a page: what they say is what the command of the terminal prints.
import assert from 'node:assert/strict';
import type { Deed } from '../lib/deeds';
import type { Hands } from '../lib/hands';
import { commandLines, SNAPSHOTS } from './expected';

/** Simulates insmod of a module that is chosen by its name. */
async function simulate(hands: Hands, module: string, args: string): Promise<void> {
  await hands.command('View: Close All Editors');
  await hands.command('Insmod Lens: Simulate insmod');
  await hands.see('.quick-input-list .monaco-list-row', new RegExp(module));
  await hands.page.keyboard.type(module);
  await hands.press('Enter');
  await hands.see('.quick-input-title', /Simulate insmod/);
  await hands.page.keyboard.type(args);
  await hands.press('Enter');
}

/** Everything in the output channel. */
async function output(hands: Hands, last: string): Promise<string[]> {
  await hands.see('.part.panel .view-line', new RegExp(last));
  await hands.page.locator('.part.panel .view-lines').click();
  await hands.press('Control+a', 'Control+c');
  const text = await hands.page.evaluate<string>('navigator.clipboard.readText()');
  return text.split(/\r?\n/);
}

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
  {
    name: 'insmod is simulated with the lines of the command',
    run: async hands => {
      for (const [module, args] of [
        ['greeter', 'whom=you tims=2'],
        ['trouble', ''],
      ] as const) {
        await hands.command('Output: Clear Output').catch(() => hands.press('Escape'));
        await simulate(hands, `${module}/${module}.ko`, args);
        const expected = commandLines(`${module}/${module}.ko`, args === '' ? [] : args.split(' '));
        const shown = await output(hands, 'Invalid module format');
        assert.deepEqual(
          shown.filter(line => line !== '' && !/^[#$]/.test(line)),
          expected,
        );
        assert.equal(shown.filter(line => line.startsWith(`$ insmod ${module}/${module}.ko`)).length, SNAPSHOTS.length);
        await hands.picture(`web-simulated-${module}`);
      }
      await hands.command('View: Hide Panel');
    },
  },
];
