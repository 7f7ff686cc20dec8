// sort() (lib/sort.c): a heap sort that does not keep the order of equal elements. Where something depends on it, as the number of
// PLT entries of arm does, the order has to be the kernel's own.

/**
 * Sorts numbers as the kernel sorts the elements they stand for.
 *
 * @param compare as in C: negative, 0 or positive
 * @param byThrees since 6.10 the largest two elements leave the heap at once, and ties go the other way
 */
export function sort(base: Uint32Array, compare: (a: number, b: number) => number, byThrees: boolean): void {
  const at = (i: number): number => base[i] ?? 0;
  const cmp = (i: number, j: number): number => compare(at(i), at(j));
  const swap = (i: number, j: number): void => {
    const kept = at(i);
    base[i] = at(j);
    base[j] = kept;
  };
  let n = base.length;
  let a = Math.floor(n / 2);
  if (a === 0) return;
  let shift = 0;
  for (;;) {
    if (a > 0) a -= 1 << shift;
    else if (byThrees ? n > 3 : n > 1) {
      swap(0, --n);
      if (byThrees) {
        shift = cmp(1, 2) <= 0 ? 1 : 0;
        a = 1 << shift;
        swap(a, --n);
      }
    } else break;
    // Down to the leaves by the larger child each time, then back to where the element belongs.
    let b = a;
    for (let c = 2 * b + 1; c + 1 < n; c = 2 * b + 1) {
      const order = cmp(c, c + 1);
      b = (byThrees ? order > 0 : order >= 0) ? c : c + 1;
    }
    if (2 * b + 2 === n) b = 2 * b + 1;
    while (b !== a && cmp(a, b) >= 0) b = (b - 1) >> 1;
    const place = b;
    while (b !== a) {
      b = (b - 1) >> 1;
      swap(b, place);
    }
  }
  if (!byThrees) return;
  swap(0, --n);
  if (n === 2 && cmp(0, 1) > 0) swap(0, 1);
}
