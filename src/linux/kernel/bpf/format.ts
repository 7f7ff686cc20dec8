// What a kernel knows of the format: it grew from release to release.
import * as Kind from '../../../formats/btf/kinds';
import type { Features } from '../../features';

/** BTF_MAX_NAME_OFFSET */
export const MAX_NAME_OFFSET = 0xff_ffff;

export interface BtfFormat {
  /** The header names a third section, that of the layout of kinds. */
  readonly layoutSection: boolean;
  readonly littleEndian: boolean;
  /** How struct btf_type's info word is divided: kind and vlen had fewer bits before the format was widened. */
  readonly infoMask: number;
  readonly kindMask: number;
  readonly vlenMask: number;
  /** BTF_KIND_MAX */
  readonly lastKind: number;
  /** Type tags and declaration tags may have the flag: they stand for other attributes then. */
  readonly flaggedTags: boolean;
  /** Enumerations may have the flag, of signed values. */
  readonly flaggedEnums: boolean;
  /** Names of sections may hold anything printable; before, only what names of C may, and dots. */
  readonly printableSections: boolean;
  /** Chains of modifiers are followed, so that none is endless. */
  readonly chainsChecked: boolean;
  /** Type tags must come before other modifiers. */
  readonly tagsFirst: boolean;
  /** KSYM_NAME_LEN */
  readonly longestName: number;
}

/** The format of a kernel. */
export function btfFormat({ btfLayoutSection: wide, littleEndian, rows }: Features): BtfFormat {
  return {
    layoutSection: wide,
    littleEndian,
    infoMask: wide ? 0xffff_ffff : 0x9f00_ffff,
    kindMask: wide ? 0x7f : 0x1f,
    vlenMask: wide ? 0xff_ffff : 0xffff,
    lastKind: lastKind(rows),
    flaggedTags: rows.has('btfFlaggedTags'),
    flaggedEnums: rows.has('btfEnum64'),
    printableSections: rows.has('btfPrintableSections'),
    chainsChecked: rows.has('btfTypeTags'),
    tagsFirst: !rows.has('btfTagsAnywhere'),
    longestName: rows.has('longKsymNames') ? 512 : 128,
  };
}

function lastKind(rows: Features['rows']): number {
  if (rows.has('btfEnum64')) return Kind.ENUM64;
  if (rows.has('btfTypeTags')) return Kind.TYPE_TAG;
  if (rows.has('btfDeclTags')) return Kind.DECL_TAG;
  return rows.has('btfFloats') ? Kind.FLOAT : Kind.DATASEC;
}
