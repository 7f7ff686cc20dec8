// A stand-in for an object that is dear to make.

/** Behaves like the object that `load` returns, which is called when the first member is asked for. */
export function loadedWhenUsed<T extends object>(load: () => T): T {
  let real: T | undefined;
  const loaded = (): T => (real ??= load());
  return new Proxy({} as T, {
    get: (_, key) => Reflect.get(loaded(), key) as unknown,
    has: (_, key) => Reflect.has(loaded(), key),
    ownKeys: () => Reflect.ownKeys(loaded()),
    getOwnPropertyDescriptor: (_, key) => {
      const descriptor = Reflect.getOwnPropertyDescriptor(loaded(), key);
      // A proxy may not call a member fixed that its target lacks.
      return descriptor && { ...descriptor, configurable: true };
    },
  });
}
