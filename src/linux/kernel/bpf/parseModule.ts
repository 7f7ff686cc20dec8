// btf_parse_module() (kernel/bpf/btf.c): is the BTF of a module sound, and does it fit the kernel's own types?
import type { BaseBtf } from '../../../target/types';
import { Btf, type BtfBase } from './btf';
import { checkChains } from './checkChains';
import { checkAllMetas } from './checkMeta';
import type { BtfFormat } from './format';
import { OutlinedBtf } from './outlinedBtf';
import { checkStrings, parseHeader } from './parseHeader';
import { relocate } from './relocate';
import { VerifierLog } from './verifierLog';

export interface BtfVerdict {
  /** 0, or what the kernel returns. */
  readonly errno: number;
  /** What the verifier prints, each behind "BPF: ". */
  readonly complaints: readonly string[];
  /** What fitting types of .BTF.base to those of the kernel prints. */
  readonly warnings: readonly string[];
  /** false when types were not checked because the kernel's BTF is not known. */
  readonly complete: boolean;
  /** The type whose member the kernel follows to nowhere, or without end: it crashes or hangs. null when all is well. */
  readonly lost: number | null;
}

export type VmlinuxBtf = Pick<BaseBtf, 'bytes' | 'outline'>;

/** What btf_parse_module() is given. */
export interface ModuleBtf {
  /** Contents of .BTF */
  readonly bytes: Uint8Array;
  /** Contents of .BTF.base, types that stand in for the kernel's; null without that section. */
  readonly base: Uint8Array | null;
  /** The BTF of vmlinux; null where it is not known. */
  readonly vmlinux: VmlinuxBtf | null;
}

/**
 * Checks the BTF of a module.
 *
 * @param quiet messages about its types are left out: see {@link VerifierLog}
 */
export function parseModuleBtf(module: ModuleBtf, format: BtfFormat, quiet: boolean): BtfVerdict {
  const log = new VerifierLog(quiet);
  const verdict = (errno: number, complete = true, lost: number | null = null): BtfVerdict => ({
    errno,
    complaints: log.complaints,
    warnings: log.warnings,
    complete: complete || errno !== 0,
    lost,
  });
  if (module.base === null) {
    const base = module.vmlinux && baseOf(module.vmlinux, format);
    if (!base) return verdict(sections(module.bytes, format, log), false);
    const btf = parse(module.bytes, base, format, log);
    return verdict(typeof btf === 'number' ? btf : 0);
  }
  const base = parse(module.base, null, format, log);
  if (typeof base === 'number') return verdict(base);
  const btf = parse(module.bytes, base, format, log);
  if (typeof btf === 'number') return verdict(btf);
  const vmlinux = module.vmlinux && vmlinuxBtf(module.vmlinux, format);
  if (!vmlinux) return verdict(0, false);
  const { errno, lost } = relocate(btf, base, vmlinux, log);
  return verdict(errno, true, lost);
}

/** Header and strings alone; 0 or an errno. */
function sections(bytes: Uint8Array, format: BtfFormat, log: VerifierLog): number {
  const header = parseHeader(bytes, format, true, log);
  return typeof header === 'number' ? header : checkStrings(header, format, true, log);
}

/** btf_parse_base(), and the same steps for what builds on it; the blob, or an errno. */
function parse(bytes: Uint8Array, base: BtfBase | null, format: BtfFormat, log: VerifierLog): Btf | number {
  const header = parseHeader(bytes, format, base !== null, log);
  if (typeof header === 'number') return header;
  const strings = checkStrings(header, format, base !== null, log);
  if (strings !== 0) return strings;
  const btf = new Btf(header, base, format);
  const metas = checkAllMetas(btf, format, log);
  if (metas !== 0) return metas;
  const chains = checkChains(btf, base ? base.count : 1, format, log);
  return chains === 0 ? btf : chains;
}

/** A kernel has a hundred thousand types, and every module builds on them. */
const known = new WeakMap<VmlinuxBtf, BtfBase>();
const knownWhole = new WeakMap<VmlinuxBtf, Btf>();

/** The kernel's own BTF, by its outline where there is one; null when its bytes are no BTF. */
function baseOf(vmlinux: VmlinuxBtf, format: BtfFormat): BtfBase | null {
  const { outline } = vmlinux;
  if (!outline) return vmlinuxBtf(vmlinux, format);
  let base = known.get(vmlinux);
  if (!base) {
    // An outline is made of BTF, so it is there.
    base = new OutlinedBtf(outline, format, () => vmlinuxBtf(vmlinux, format) as Btf);
    known.set(vmlinux, base);
  }
  return base;
}

/** The whole of it. */
function vmlinuxBtf(vmlinux: VmlinuxBtf, format: BtfFormat): Btf | null {
  const before = knownWhole.get(vmlinux);
  if (before) return before;
  const header = parseHeader(vmlinux.bytes, format, false, new VerifierLog(true));
  if (typeof header === 'number') return null;
  const btf = new Btf(header, null, format);
  btf.addAll();
  knownWhole.set(vmlinux, btf);
  return btf;
}

/** What an outline is made of: kinds by id, and where strings stand; null when the bytes are no BTF. */
export function outlineParts(
  bytes: Uint8Array,
  format: BtfFormat,
): { readonly kinds: Uint8Array; readonly strings: number; readonly strLen: number } | null {
  const btf = vmlinuxBtf({ bytes }, format);
  if (!btf) return null;
  const kinds = Uint8Array.from({ length: btf.count }, (_, id) => {
    const found = btf.find(id);
    return found && found.at >= 0 ? btf.u32(found.at + 4) >>> 24 : 0;
  });
  const { hdrLen, strOff, strLen } = btf.header;
  return { kinds, strings: hdrLen + strOff, strLen };
}
