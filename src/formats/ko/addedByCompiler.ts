/** Calls that the compiler adds by itself: no source names them, and they belong to the function as a whole. */
export const ADDED_BY_COMPILER =
  /^(?:__fentry__|_?mcount|__x86_|__stack_chk_|__asan_|__hwasan_|__kasan_|__kcsan_|__tsan_|__ubsan_|__sanitizer_|__gcov_|__cfi_|__llvm_)/;
