// What a person does in an editor that is only a page.
import type { Deed } from '../lib/deeds';
import { FOLDER } from './files';

export const WEB_DEEDS: readonly Deed[] = [
  {
    name: 'the folder is there, and a module opens as a document',
    run: async hands => {
      await hands.openInExplorer('trouble/trouble.ko');
      await hands.document.locator('header', { hasText: 'EINVAL' }).waitFor();
      await hands.document.locator('header .path', { hasText: `/${FOLDER}/trouble/trouble.ko` }).waitFor();
      await hands.picture('web-module');
    },
  },
];
