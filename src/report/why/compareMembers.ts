// Two declarations of the same struct or union: which members came, went, changed or moved.
import type { Difference } from './types';

/** A member, or a mark where an anonymous struct or union begins or ends, which has no name. */
export interface FlatMember {
  readonly name: string;
  readonly type: number;
  readonly spelled: string;
}

export function compareMembers(before: readonly FlatMember[], after: readonly FlatMember[]): Difference[] {
  const earlier = byName(before);
  const later = byName(after);
  const removed = new Set(before.filter(({ name }) => name !== '' && !later.has(name)));
  const added = new Set(after.filter(({ name }) => name !== '' && !earlier.has(name)));
  const renamed = pairRenamed(before, after, removed, added);
  const differences: Difference[] = [];
  for (const [i, member] of after.entries()) {
    const { name, spelled } = member;
    if (name === '') continue;
    const old = earlier.get(name);
    const from = renamed.get(member);
    if (from) differences.push({ what: 'member-renamed', from: from.name, to: name, type: spelled });
    else if (!old) differences.push({ what: 'member-added', name, type: spelled, after: nameBefore(after, i) });
    else if (old.spelled !== spelled) differences.push({ what: 'member-type', name, from: old.spelled, to: spelled });
  }
  const gone = new Set(renamed.values());
  for (const member of removed)
    if (!gone.has(member)) differences.push({ what: 'member-removed', name: member.name, type: member.spelled });
  return differences.length > 0 ? differences : reordered(before, after);
}

const byName = (members: readonly FlatMember[]): Map<string, FlatMember> =>
  new Map(members.filter(({ name }) => name !== '').map(member => [member.name, member]));

function nameBefore(members: readonly FlatMember[], index: number): string | null {
  for (let i = index - 1; i >= 0; i--) {
    const name = members[i]?.name ?? '';
    if (name !== '') return name;
  }
  return null;
}

/** Members of the same type that stand behind the same member, on one side under another name. */
function pairRenamed(
  before: readonly FlatMember[],
  after: readonly FlatMember[],
  removed: ReadonlySet<FlatMember>,
  added: ReadonlySet<FlatMember>,
): Map<FlatMember, FlatMember> {
  const places = new Map<string, FlatMember>();
  for (const [i, member] of before.entries())
    if (removed.has(member)) places.set(`${nameBefore(before, i)} ${member.spelled}`, member);
  const pairs = new Map<FlatMember, FlatMember>();
  for (const [i, member] of after.entries()) {
    const old = added.has(member) ? places.get(`${nameBefore(after, i)} ${member.spelled}`) : undefined;
    if (old) pairs.set(member, old);
  }
  return pairs;
}

/** Where all members are the same: the first that stands elsewhere, or what anonymous structs and unions hold together. */
function reordered(before: readonly FlatMember[], after: readonly FlatMember[]): Difference[] {
  const [old, now] = [before, after].map(members => members.filter(({ name }) => name !== ''));
  const moved = now?.findIndex(({ name }, i) => name !== old?.[i]?.name) ?? -1;
  const member = now?.[moved];
  if (now && member) return [{ what: 'member-moved', name: member.name, after: now[moved - 1]?.name ?? null }];
  const braces = after.findIndex(({ name, spelled }, i) => name !== before[i]?.name || spelled !== before[i].spelled);
  if (braces < 0 && before.length === after.length) return [];
  const held = after.slice(Math.max(0, braces)).find(({ name }) => name !== '') ?? now?.at(-1);
  return [{ what: 'members-regrouped', name: held?.name ?? '' }];
}
