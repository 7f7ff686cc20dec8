// Lists of numbers by number, packed into two arrays: who uses whom, for thousands of modules.

export class Lists {
  constructor(
    /** Where each list starts in `items`; one entry more than there are lists. */
    private readonly first: Uint32Array,
    private readonly items: Int32Array,
  ) {}

  of(index: number): Int32Array {
    return this.items.subarray(this.first[index] ?? 0, this.first[index + 1] ?? 0);
  }
}

/**
 * Turns lists around: in list `to` of the result stand those `from` whose list has it, in rising order.
 * @param count of the lists of the result; other numbers in the lists are left out
 */
export function turnedAround(lists: Lists, from: number, count: number): Lists {
  const first = new Uint32Array(count + 1);
  const eachPair = (visit: (index: number, item: number) => void): void => {
    for (let index = 0; index < from; index++)
      for (const item of lists.of(index)) if (item >= 0 && item < count) visit(index, item);
  };
  eachPair((_, item) => (first[item + 1] = (first[item + 1] ?? 0) + 1));
  for (let i = 0; i < count; i++) first[i + 1] = (first[i + 1] ?? 0) + (first[i] ?? 0);
  const next = first.slice();
  const items = new Int32Array(first[count] ?? 0);
  eachPair((index, item) => {
    const at = next[item] ?? 0;
    items[at] = index;
    next[item] = at + 1;
  });
  return new Lists(first, items);
}
