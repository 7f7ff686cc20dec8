// Where an architecture has its memory.

/** Where memory plausibly lies on a machine whose real addresses are not known. All addresses are virtual. */
export interface Addresses {
  /** Text of vmlinux; exports are placed 16 bytes apart from here. */
  readonly kernelText: bigint;
  /** MODULES_VADDR: where the first module goes. */
  readonly modules: bigint;
  /** Where the first huge page for module text goes, on kernels that share such pages among modules. */
  readonly moduleText: bigint;
  /** Bytes of the module area: no load can take more. */
  readonly moduleArea: number;
  /** vmalloc space: the temporary copy of the file. */
  readonly temporaryCopy: bigint;
  readonly percpu: bigint;
  /** The direct map: kmalloc()ed strings. */
  readonly heap: bigint;
}
