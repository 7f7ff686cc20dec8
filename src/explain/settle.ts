// What lines of tools decide about lines of the kernel, and the other way round.
import { english, type Translate } from '../findings/words';
import { CAUSES } from './causes';
import { isFailure, type ExplainedTool } from './explained';
import { providersOf, refuse, type Entry } from './gather';

/**
 * Lines that some kernels only print and others refuse with: where a tool failed with that errno, and no other line says
 * why, they are the refusal.
 */
export function settle(entries: readonly Entry[], tools: readonly ExplainedTool[], t: Translate = english): void {
  if (tools.some(isByName)) for (const entry of entries) afterModprobe(entry, t);
  for (const tool of tools) {
    if (tool.cause !== null || tool.errno === null) continue;
    const { errno, modules } = tool;
    const isAbout = ({ module }: Entry): boolean => module === null || modules.length === 0 || modules.includes(module);
    if (entries.some(entry => isFailure(entry) && isAbout(entry))) continue;
    const isReason = ({ cause }: Entry): boolean => cause !== null && !!CAUSES[cause].refusesWith?.includes(errno);
    const reasons = entries.filter(entry => isAbout(entry) && isReason(entry));
    // Type data that does not fit the kernel rarely does so in one module only.
    for (const entry of reasons.length > 0 ? reasons : entries)
      if (isReason(entry) && (isAbout(entry) || entry.cause === 'btf')) refuse(entry);
  }
}

/** Tools that load what a module needs before it, and found a symbol missing all the same. */
const isByName = ({ errno, lines }: ExplainedTool): boolean =>
  errno === 2 && lines.every(line => /\b(?:modprobe|systemd-modules-load|udev\w*)\b/.test(line));

/** "Load the other module first" is no advice to someone whose tool has done so. */
function afterModprobe(entry: Entry, t: Translate): void {
  if (entry.cause !== 'symbolMissing' && entry.cause !== 'symbolOfModule') return;
  const providers = providersOf(entry.symbols);
  entry.cause = 'symbolAfterModprobe';
  entry.advice = CAUSES.symbolAfterModprobe.advise(
    {
      module: entry.module ?? undefined,
      symbol: entry.symbol ?? undefined,
      providers: providers.length > 0 ? providers.join(' ') : undefined,
    },
    t,
  );
}
