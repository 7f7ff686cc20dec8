// What a person does in an editor that is only a page.
import type { Deed } from '../lib/deeds';
import { COMMANDS_OF_PAGE } from './commands';
import { DOCUMENTS } from './documents';

export const WEB_DEEDS: readonly Deed[] = [...DOCUMENTS, ...COMMANDS_OF_PAGE];
