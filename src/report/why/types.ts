// Why the CRC of a symbol differs, as plain data.

/** One difference between two declarations of the same type. */
export type Difference =
  | { readonly what: 'argument-count'; readonly from: number; readonly to: number }
  | { readonly what: 'argument'; readonly number: number; readonly from: string; readonly to: string }
  | { readonly what: 'result'; readonly from: string; readonly to: string }
  | { readonly what: 'type'; readonly from: string; readonly to: string }
  | { readonly what: 'size'; readonly from: number; readonly to: number }
  | { readonly what: 'member-added'; readonly name: string; readonly type: string; readonly after: string | null }
  | { readonly what: 'member-removed'; readonly name: string; readonly type: string }
  | { readonly what: 'member-renamed'; readonly from: string; readonly to: string; readonly type: string }
  | { readonly what: 'member-type'; readonly name: string; readonly from: string; readonly to: string }
  | { readonly what: 'member-moved'; readonly name: string; readonly after: string | null }
  | { readonly what: 'members-regrouped'; readonly name: string }
  | { readonly what: 'constant-added'; readonly name: string; readonly value: string }
  | { readonly what: 'constant-removed'; readonly name: string }
  | { readonly what: 'constant-value'; readonly name: string; readonly from: string; readonly to: string };

/** A type on the way from the symbol that is declared differently. */
export interface ChangedType {
  /** `struct net_device`, or the symbol itself. */
  readonly type: string;
  /** The steps that lead from the symbol to it: `argument 1`, `struct sk_buff.dev`. Empty for the symbol itself. */
  readonly path: readonly string[];
  readonly differences: readonly Difference[];
}

export interface Explanation {
  /** Those nearest to the symbol first. */
  readonly changed: readonly ChangedType[];
  /** There are more than are listed. */
  readonly more: boolean;
}

/** A kernel as one side of a comparison. */
export interface WhySide {
  readonly release: string;
  readonly arch: string;
  /** As it was given with --kernel. */
  readonly target: string;
  /** null where it does not export the symbol, or has no CONFIG_MODVERSIONS. */
  readonly crc: number | null;
  /** `vmlinux`, or the module that exports it; null where none does. */
  readonly owner: string | null;
  /** Where the types come from; null where they are not at hand. */
  readonly btf: string | null;
}

/** What was found out: the differences, or why there are none to name. */
export type WhyAnswer = 'same' | 'not-exported' | 'no-versions' | 'no-btf' | 'not-in-btf' | Explanation;

export interface WhyReport {
  readonly symbol: string;
  readonly kernels: readonly [WhySide, WhySide];
  readonly answer: WhyAnswer;
}
