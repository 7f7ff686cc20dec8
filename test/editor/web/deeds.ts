// What a person does in an editor that is only a page.
import assert from 'node:assert/strict';
import type { Deed } from '../lib/deeds';
import { COMMANDS_OF_PAGE } from './commands';
import { DOCUMENTS } from './documents';

/** Nothing else tells the editor to start the extension: it looks for modules by a search, which is not there. */
const FIRST: Deed = {
  name: 'a command of the palette finds the modules, before anything of the extension was opened',
  run: async hands => {
    await hands.command('Insmod Lens: Show module layout');
    await hands.see('.quick-input-list .monaco-list-row', /trouble\.ko/);
    await hands.picture('web-choose');
    await hands.press('Escape');
  },
};

/** @param complaints what the console was told of the extension while all of it was done */
export function webDeeds(complaints: readonly string[]): readonly Deed[] {
  const quiet: Deed = {
    name: 'and the console has nothing against the extension',
    run: () => Promise.resolve(assert.deepEqual(complaints, [])),
  };
  return [FIRST, ...DOCUMENTS, ...COMMANDS_OF_PAGE, quiet];
}
