// Everything that a kernel image alone tells about loading modules.
import { note, type Note } from '../../findings/notes';
import { structModuleFromBtf } from '../../formats/btf/btf';
import { declaredInBtf } from '../../formats/btf/declared';
import { KERNEL_TEXTS, KERNEL_TYPES, type ImageEvidence } from '../evidence';
import { embeddedConfig, readBanner, readVermagic } from './banner';
import { btfInImage } from './btfInImage';
import { builtinKeys } from './builtinKeys';
import { readExports, type ImageExports } from './exports';
import { kallsymsHoldsData } from './kallsyms';
import { openKernelBytes, type KernelBytes, type UnpackKernel } from './kernelBytes';
import { textsInImage } from './textsInImage';

/** Plain data, so that it can be kept. */
export interface ImageFacts {
  /** What the kernel lay in, outermost first. */
  readonly containers: readonly string[];
  readonly banner: string;
  readonly release: string;
  /** VERMAGIC_STRING; null in a kernel that loads no modules. */
  readonly vermagic: string | null;
  /** e_machine, where it is known, class and byte order. */
  readonly machine: number | null;
  readonly is64: boolean;
  readonly littleEndian: boolean;
  readonly exports: ImageExports | null;
  /** The configuration it carries, as a .config; null where it carries none. */
  readonly config: Uint8Array | null;
  readonly structModule: { readonly size: number; readonly init: number | null; readonly exit: number | null } | null;
  readonly btf: Uint8Array | null;
  /** X.509 certificates (DER) of the built-in keyring; null where no list of them was found. */
  readonly certificates: readonly Uint8Array[] | null;
  /** Whether its table of symbols holds data too; null where no such table is understood. */
  readonly kallsymsHoldsData: boolean | null;
  readonly evidence: ImageEvidence;
}

/** Reads an image; a note says why it is of no use. Never throws if `unpack` does not. */
export async function readImage(file: Uint8Array, unpack: UnpackKernel): Promise<ImageFacts | Note> {
  const kernel = await openKernelBytes(file, unpack);
  return 'id' in kernel ? kernel : factsOfKernel(kernel, unpack);
}

/** The same of a kernel that is open already. */
export async function factsOfKernel(kernel: KernelBytes, unpack: UnpackKernel): Promise<ImageFacts | Note> {
  const { r, containers, machine, is64 } = kernel;
  const banner = readBanner(r.bytes);
  if (!banner) return note('no-kernel-inside');
  const btf = btfInImage(kernel);
  const packedConfig = embeddedConfig(r.bytes);
  const structModule = btf && structModuleFromBtf(btf, '');
  const types = btf && declaredInBtf(btf, KERNEL_TYPES);
  return {
    containers,
    banner: banner.text,
    release: banner.release,
    vermagic: readVermagic(r.bytes, banner.release),
    machine,
    is64,
    littleEndian: r.littleEndian,
    exports: readExports(kernel),
    config: packedConfig && (await unpack('gzip', packedConfig)),
    structModule: structModule && { size: structModule.size, init: structModule.init, exit: structModule.exit },
    // A copy: what it is part of is ten times as large, and can go.
    btf: btf && btf.slice(),
    certificates: builtinKeys(kernel),
    kallsymsHoldsData: kallsymsHoldsData(kernel),
    evidence: {
      texts: textsInImage(kernel, KERNEL_TEXTS),
      types: types && KERNEL_TYPES.filter(type => types.has(type)),
    },
  };
}
