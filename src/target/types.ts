// Facts about a target kernel, as plain data. src/linux/deriveFeatures.ts turns them into the behavior of its loader.
import type { Note } from '../findings/notes';
import type { StructModuleFacts } from '../formats/btf/btf';
import type { Declarations } from './declarations';
import type { ImageEvidence } from './evidence';
import type { ExportTable } from './exportTable';

/** Names of architectures, as snapshots and JSON have them; src/linux/arch holds an object for each. */
export const ARCH_NAMES = [
  'x86_64',
  'i386',
  'arm64',
  'arm',
  'riscv64',
  'ppc64le',
  's390x',
  'mips',
  'mipsel',
  'mips64',
  'mips64el',
  'loongarch64',
  // Any other, by class and byte order.
  'other32',
  'other32be',
  'other64',
  'other64be',
] as const;

export type Arch = (typeof ARCH_NAMES)[number];

/** X.509 certificates (DER) of the kernel's trusted keyrings. */
export interface TrustedKeys {
  readonly certificates: readonly Uint8Array[];
  readonly source: string;
}

/**
 * A signer of the target's own modules, known by name only: issuer and serial number, or subject key identifier,
 * as lower-case hex of the DER value.
 */
export interface KnownSigner {
  readonly issuerAndSerial: string | null;
  readonly keyIdentifier: string | null;
}

/** The BTF of vmlinux, which split BTF of modules builds on. */
export interface BaseBtf {
  /** Raw BTF: header, types, strings. */
  readonly bytes: Uint8Array;
  readonly source: string;
  /** What most modules ask of it, where that can be had without reading megabytes. */
  readonly outline?: BtfOutline;
}

/** Kinds and strings of BTF; the strings are read when they are asked for. */
export interface BtfOutline {
  /** By id, the byte of `info` that holds the kind. */
  readonly kinds: Uint8Array;
  /** Tells the BTF from any other, as digestsOf() makes it of all bytes. */
  readonly digests: Uint8Array;
  /** Bytes of all strings. */
  readonly strLen: number;
  /** Where the string at an offset below `strLen` stands in which bytes, which hold it up to its NUL. */
  string(offset: number): { readonly bytes: Uint8Array; readonly at: number };
}

export interface KernelFacts {
  /** UTS_RELEASE */
  readonly release: string;
  readonly arch: Arch;
  /** The kernel's VERMAGIC_STRING, trailing space included; empty where it is not known. */
  readonly vermagic: string;
  /** CONFIG_ options that are set, without the prefix; strings without their quotes. */
  readonly config: Readonly<Record<string, string>>;
  /** Who built it, where that changes behaviour; null for a kernel built from plain sources. */
  readonly distribution: 'debian' | null;
  /** Every export of vmlinux and of the target's modules, as Module.symvers lists them. */
  readonly exports: ExportTable;
  readonly structModule: StructModuleFacts | null;
  /** Names under /sys/module that built-in code takes, or null when not known. */
  readonly builtin: readonly string[] | null;
  readonly trustedKeys: TrustedKeys | null;
  /** Signers seen on the target's own modules; used only when `trustedKeys` is null. */
  readonly ownSigners: readonly KnownSigner[];
  readonly btf: BaseBtf | null;
  /** What its headers declare; null where they are not at hand. */
  readonly declarations?: Declarations | null;
  /** What its image says; null where that is not at hand. */
  readonly image?: ImageEvidence | null;
  /**
   * Set for a kernel that is not at hand (target/profile.ts). `isSame` says whether the module that told of it was built for
   * its release; null before there was one.
   */
  readonly profile?: { readonly isSame: boolean | null };
  /** Where facts were learnt, for people: paths, and what was read there. */
  readonly sources?: FactSources;
}

/** By fact; those that are not known are left out. */
export type FactSources = Readonly<Partial<Record<FactName, string>>>;

export type FactName =
  | 'release'
  | 'vermagic'
  | 'config'
  | 'distribution'
  | 'exports'
  | 'structModule'
  | 'builtin'
  | 'trustedKeys'
  | 'ownSigners'
  | 'btf'
  | 'declarations'
  | 'image';

/** What verify_pkcs7_signature() would return, and whether that is knowledge or assumption. */
export interface Pkcs7Verdict {
  /** 0, or a positive errno: ENOKEY 126, EKEYREJECTED 129, EBADMSG 74, EINVAL 22, ENOPKG 65 ... */
  readonly errno: number;
  /** false when the keyring is not known, so that digest and signature could not be checked. */
  readonly checked: boolean;
  /** Which certificate, or what was assumed and why. */
  readonly note: Note;
  /** What the kernel's parser prints. */
  readonly log: readonly { readonly level: number; readonly text: string }[];
}

/**
 * verify_pkcs7_signature() of crypto/asymmetric_keys: `data` is the signed content (the file without its trailer),
 * `pkcs7` the detached signature. Given to core from outside because digests and RSA belong to a library.
 */
export type VerifyPkcs7 = (data: Uint8Array, pkcs7: Uint8Array, facts: KernelFacts) => Pkcs7Verdict;

/** What came of unpacking: `failed` with the code the kernel's decoder prints, `unknown` where only a kernel could tell. */
export type Decompressed =
  | { readonly kind: 'unpacked'; readonly bytes: Uint8Array }
  | { readonly kind: 'failed'; readonly status: number }
  | { readonly kind: 'unknown'; readonly reason: Note };

/**
 * Unpacks a module as the kernel does: one stream, and what follows it is ignored. Of gzip it gets the deflate data
 * behind the header. Given to core from outside because decoders belong to libraries. Never throws.
 */
export type Decompress = (packed: Uint8Array, format: 'gzip' | 'xz' | 'zstd') => Decompressed;
