// Every trap.
import { MODULE_TRAPS } from './modules';
import { OTHERS } from './others';
import type { Trap } from './types';

export const TRAPS: readonly Trap[] = [...MODULE_TRAPS, ...OTHERS];
