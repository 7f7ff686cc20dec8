// The kinds of BTF (include/uapi/linux/btf.h): numbers, and bytes behind struct btf_type.

export const INT = 1;
export const PTR = 2;
export const ARRAY = 3;
export const STRUCT = 4;
export const UNION = 5;
export const ENUM = 6;
export const FWD = 7;
export const TYPEDEF = 8;
export const VOLATILE = 9;
export const CONST = 10;
export const RESTRICT = 11;
export const FUNC = 12;
export const FUNC_PROTO = 13;
export const VAR = 14;
export const DATASEC = 15;
export const FLOAT = 16;
export const DECL_TAG = 17;
export const TYPE_TAG = 18;
export const ENUM64 = 19;

/** Bytes for each of vlen items, and besides. Tables: there are a hundred thousand types in a kernel. */
const PER_ITEM = new Int32Array(ENUM64 + 1);
const FIXED = new Int32Array(ENUM64 + 1);
for (const kind of [STRUCT, UNION, DATASEC, ENUM64]) PER_ITEM[kind] = 12;
for (const kind of [ENUM, FUNC_PROTO]) PER_ITEM[kind] = 8;
for (const kind of [INT, VAR, DECL_TAG]) FIXED[kind] = 4;
FIXED[ARRAY] = 12;

/** Whether a kind has a layout that is known; 0 stands for void, which no type has. */
export const isKnown = (kind: number): boolean => kind >= INT && kind <= ENUM64;

/** Bytes behind struct btf_type of a kind; 0 for one that is not known. */
export function extraBytes(kind: number, vlen: number): number {
  return (PER_ITEM[kind] ?? 0) * vlen + (FIXED[kind] ?? 0);
}

/** btf_type_is_modifier() */
export function isModifier(kind: number): boolean {
  return (kind >= TYPEDEF && kind <= RESTRICT) || kind === TYPE_TAG;
}

/** btf_type_is_struct(): a struct or a union. */
export const isComposite = (kind: number): boolean => kind === STRUCT || kind === UNION;
