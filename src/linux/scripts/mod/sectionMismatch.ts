// References from memory that stays to memory that is freed after loading, by modpost's rules (scripts/mod/modpost.c).
import { sectionOf } from '../../../formats/elf/relocations';
import type { ObjectFile } from '../../../formats/ko/objectFile';
import { eachReference, type Reference } from '../../../formats/ko/references';

/** One thing that stays and refers to one thing that is freed. */
export interface SectionMismatch {
  readonly from: string;
  readonly fromSection: string;
  readonly to: string;
  readonly toSection: string;
  readonly references: Reference[];
}

/** Objects that kernels up to 6.6 expect to hold such pointers and use only while loading. */
const WHITELISTED_DATA = /(?:_template|_timer|_sht|_ops|_probe|_probe_one|_console)$/;
/**
 * Code and plain data, as modpost has it. Constant tables and what init makes read-only may name what only init
 * looks up there, and kernels' own modules do so; `.ref.*` says that the author knows.
 */
const CHECKED_FROM =
  /^\.(?:(?:text|exit|sched\.text|spinlock\.text|kprobes\.text|noinstr\.text)(?:\.|$)|data(?:\.[^.]|$))/;
const ALLOWED_TO: readonly string[] = ['__init_begin', '_sinittext', '_einittext'];

export function sectionMismatches(object: ObjectFile): SectionMismatch[] {
  const found = new Map<string, SectionMismatch>();
  const isFreed = object.sectionNames.map(name => name.startsWith('.init.'));
  const isChecked = object.sectionNames.map(name => CHECKED_FROM.test(name));
  const wants = (from: number, to: number): boolean => (isFreed[to] ?? false) && (isChecked[from] ?? false);
  eachReference(object, wants, (reference, target) => {
    const toSection = object.sectionNames[sectionOf(target)] ?? '';
    const from = reference.container?.name ?? '';
    const to = object.containerAt(target)?.name ?? toSection;
    if (isWhitelisted(from, reference, to, toSection)) return;
    const key = `${from} ${to}`;
    const known = found.get(key);
    if (known) known.references.push(reference);
    else
      found.set(key, {
        from: from || reference.sectionName,
        fromSection: reference.sectionName,
        to,
        toSection,
        references: [reference],
      });
  });
  return [...found.values()];
}

function isWhitelisted(from: string, { sectionName }: Reference, to: string, toSection: string): boolean {
  if (ALLOWED_TO.includes(to)) return true;
  if (sectionName.startsWith('.text') || sectionName.startsWith('.exit')) return from.includes('.constprop.');
  if (from.startsWith('__param_ops_') && toSection === '.init.text') return true;
  return from.startsWith('__param') || WHITELISTED_DATA.test(from);
}
