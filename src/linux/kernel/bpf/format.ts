// What a kernel knows of the format: it grew from release to release.
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
export function btfFormat(features: Features): BtfFormat {
  const wide = features.btfLayoutSection;
  return {
    layoutSection: wide,
    littleEndian: features.littleEndian,
    infoMask: wide ? 0xffff_ffff : 0x9f00_ffff,
    kindMask: wide ? 0x7f : 0x1f,
    vlenMask: wide ? 0xff_ffff : 0xffff,
    lastKind: features.btfLastKind,
    flaggedTags: features.btfFlaggedTags,
    flaggedEnums: features.btfFlaggedEnums,
    printableSections: features.btfPrintableSections,
    chainsChecked: features.btfChainsChecked,
    tagsFirst: features.btfTagsFirst,
    longestName: features.ksymNameLen,
  };
}
