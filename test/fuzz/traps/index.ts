// Every trap.
import { MODULE_TRAPS } from './modules';
import { OTHERS } from './others';
import { TEXT_TRAPS } from './texts';
import type { Trap } from './types';

export const TRAPS: readonly Trap[] = [...MODULE_TRAPS, ...OTHERS, ...TEXT_TRAPS];
