// Whether BTF declares certain things: structs, their members, functions. One pass over its strings and one over its types.
import { hashBytes, sameBytes } from '../bytes/hash';
import { toBytes } from '../bytes/strings';
import { groupBy } from '../groupBy';
import { kindOf, openBtf, vlenOf, type Btf } from './btf';
import { extraBytes, FUNC, isKnown, STRUCT } from './kinds';

/** `struct NAME`, `struct NAME.MEMBER` or `NAME()`. */
export type BtfDeclaration = `struct ${string}` | `${string}()`;

/**
 * Which of `wanted` raw BTF declares; null when the bytes are not BTF. Never throws; the work is bounded by the length of the
 * blob.
 */
export function declaredInBtf<D extends BtfDeclaration>(bytes: Uint8Array, wanted: readonly D[]): Set<D> | null {
  const btf = openBtf(bytes);
  if (!btf) return null;
  const parts = wanted.map(declaration => {
    const [, struct, member, func] = /^(?:struct (\w+)(?:\.(\w+))?|(\w+)\(\))$/.exec(declaration) ?? [];
    return { declaration, struct, member, func };
  });
  const names = new Set(
    parts.flatMap(({ struct, member, func }) => [struct, member, func]).filter(n => n !== undefined),
  );
  const offsets = offsetsOf(btf, [...names]);
  const at = (name: string | undefined): number => (name === undefined ? -1 : (offsets.get(name) ?? -1));
  const functions = new Map<number, D>();
  for (const { declaration, func } of parts) if (at(func) >= 0) functions.set(at(func), declaration);
  const structs = groupBy(
    parts
      .filter(({ struct, member }) => at(struct) >= 0 && (member === undefined || at(member) >= 0))
      .map(({ declaration, struct, member }) => ({ declaration, struct: at(struct), member: at(member) })),
    ({ struct }) => struct,
  );
  const found = new Set<D>();
  eachType(btf, (type, kind, vlen) => {
    const name = btf.r.u32(type);
    if (kind === FUNC) {
      const declaration = functions.get(name);
      if (declaration) found.add(declaration);
    } else if (kind === STRUCT) {
      for (const { declaration, member } of structs.get(name) ?? [])
        if (member < 0 || hasMember(btf, type, vlen, member)) found.add(declaration);
    }
  });
  return found;
}

function hasMember({ r, typeEnd }: Btf, type: number, vlen: number, name: number): boolean {
  for (let i = 0; i < vlen && type + 12 * (i + 2) <= typeEnd; i++) if (r.u32(type + 12 + 12 * i) === name) return true;
  return false;
}

function eachType({ r, typeStart, typeEnd }: Btf, visit: (at: number, kind: number, vlen: number) => void): void {
  for (let at = typeStart; at + 12 <= typeEnd;) {
    const info = r.u32(at + 4);
    const [kind, vlen] = [kindOf(info), vlenOf(info)];
    if (!isKnown(kind)) return;
    visit(at, kind, vlen);
    at += 12 + extraBytes(kind, vlen);
  }
}

/** Offsets of names in the section of strings, where each has its own. */
function offsetsOf({ r, strings, stringEnd }: Btf, names: readonly string[]): Map<string, number> {
  const wanted = groupBy(
    names.map(name => ({ name, bytes: toBytes(name) })),
    ({ bytes }) => hashBytes(bytes, 0, bytes.length),
  );
  const found = new Map<string, number>();
  for (let start = strings; start < stringEnd;) {
    const nul = r.bytes.indexOf(0, start);
    const end = nul < 0 || nul > stringEnd ? stringEnd : nul;
    for (const { name, bytes } of wanted.get(hashBytes(r.bytes, start, end)) ?? [])
      if (bytes.length === end - start && sameBytes(bytes, 0, r.bytes, start, bytes.length))
        found.set(name, start - strings);
    start = end + 1;
  }
  return found;
}
