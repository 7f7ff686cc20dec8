// The members of a struct, whichever of BTF and DWARF declares it.

/** Offsets and sizes are bytes. */
export interface StructMember {
  /** '' for an anonymous struct or union. The elements of an array are members, named by their index. */
  readonly name: string;
  /** From the start of the struct that it is a member of. */
  readonly offset: number;
  readonly size: number;
  /** How large the thing is that a pointer points to; 0 for a member that is no pointer, and where it has no size. */
  readonly pointee: number;
  members(): readonly StructMember[];
}

export interface StructShape {
  readonly size: number;
  readonly members: readonly StructMember[];
}

/** Where a member lies in the outermost struct. */
export interface PlacedMember {
  readonly offset: number;
  readonly size: number;
  readonly pointee: number;
}

/** How many members are looked at for one path, anonymous ones included: hostile types could nest in themselves. */
const MOST_LOOKED_AT = 10_000;

/**
 * The member at a path of names and of indices of arrays, such as `mem.0.base`. Members of anonymous structs are found by their
 * own name. null where there is none.
 */
export function memberAt(members: readonly StructMember[], path: string): PlacedMember | null {
  let left = MOST_LOOKED_AT;
  const find = (among: readonly StructMember[], name: string, base: number): [StructMember, number] | null => {
    left -= among.length;
    if (left < 0) return null;
    for (const member of among) {
      const at = base + member.offset;
      if (member.name === name) return [member, at];
      const within = member.name === '' ? find(member.members(), name, at) : null;
      if (within) return within;
    }
    return null;
  };
  let base = 0;
  let among = members;
  let found: StructMember | null = null;
  for (const name of path.split('.')) {
    const step = find(among, name, base);
    if (!step) return null;
    [found, base] = step;
    among = found.members();
  }
  return found && { offset: base, size: found.size, pointee: found.pointee };
}
