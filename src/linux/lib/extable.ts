// Exception tables of modules: instructions that may fault, each with the place where the kernel goes on (lib/extable.c).
import type { ExtableForm } from '../arch/arch';
import { kernelStruct } from '../kernel/module/fillStructModule';
import { findSec } from '../kernel/module/loadInfo';
import type { Load } from '../kernel/module/types';

/** The table as relocations left it. */
export interface Extable {
  readonly form: ExtableForm;
  /** Addresses, by entry. */
  readonly insn: BigUint64Array;
  readonly fixup: BigUint64Array;
  /** Entries in the order that sort_extable() brings them to. */
  readonly order: Uint32Array;
  /** Entries behind the last that was looked at. */
  readonly left: number;
}

/** The largest modules have some thousands. */
const MOST_ENTRIES = 20_000;

/** null for a module without one, and where its form is not known. */
export function readExtable(load: Load): Extable | null {
  const { info, features, relocated } = load;
  const section = info.sechdrs[findSec(info, '__ex_table')];
  const form = formOf(load);
  if (!section?.place || section.index === 0 || !form || !relocated) return null;
  const { region, offset } = section.place;
  const all = Math.floor(section.sh_size / form.size);
  const count = Math.min(all, MOST_ENTRIES, Math.floor((region.view.byteLength - offset) / form.size));
  const width = form.relative || !features.is64 ? 4 : 8;
  const fields = [new BigUint64Array(Math.max(0, count)), new BigUint64Array(Math.max(0, count))] as const;
  for (let i = 0; i < count; i++) {
    for (const [field, values] of fields.entries()) {
      const from = i * form.size + field * width;
      const { view } = region;
      const stored =
        width === 8
          ? view.getBigUint64(offset + from, features.littleEndian)
          : BigInt(view.getUint32(offset + from, features.littleEndian));
      const place = section.sh_addr + BigInt(from);
      values[i] = form.relative ? BigInt.asUintN(features.is64 ? 64 : 32, place + BigInt.asIntN(32, stored)) : stored;
    }
  }
  const [insn, fixup] = fields;
  return { form, insn, fixup, order: sortExtable(insn), left: all - Math.max(0, count) };
}

/** sort_extable(): by the address of the instruction. */
function sortExtable(insn: BigUint64Array): Uint32Array {
  const at = (entry: number): bigint => insn[entry] ?? 0n;
  return Uint32Array.from(insn.keys()).sort((a, b) => (at(a) < at(b) ? -1 : at(a) > at(b) ? 1 : a - b));
}

/** The kernel's own types know the size; how it is read, and the size where they are not at hand, the architecture says. */
function formOf({ arch, facts, features }: Load): ExtableForm | null {
  const form = arch.extable?.(features.rows) ?? null;
  const size = kernelStruct(facts, features.is64, 'exception_table_entry')?.size ?? 0;
  return form && size >= 8 ? { ...form, size } : form;
}
