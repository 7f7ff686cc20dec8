/** What an architecture does with one relocation type, in the letters of the psABI: S symbol, A addend, P place. */
export interface RelocationRow {
  readonly name: string;
  readonly type: number;
  /** Width of the field in bytes; 0 for types that write nothing. */
  readonly bytes: 0 | 4 | 8;
  /** S + A - P instead of S + A. */
  readonly pcRelative: boolean;
  /** What the kernel checks of the 64-bit result: that it zero-extends, that it sign-extends, or nothing. */
  readonly fits: 'any' | 'u32' | 's32';
}
