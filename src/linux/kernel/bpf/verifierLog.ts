// What the BTF verifier prints: each piece of a message is a separate line in the kernel's log (kernel/bpf/log.c,
// bpf_verifier_vlog(), with BPF_LOG_KERNEL).

/** BPF_VERIFIER_TMP_LOG_SIZE with its NUL: a longer piece is cut. */
const LONGEST_PIECE = 1023;

/** A line behind "BPF: " for the BTF verifier, or a warning of btf_relocate(). */
export class VerifierLog {
  readonly complaints: string[] = [];
  readonly warnings: string[] = [];

  /** @param quiet messages about types and members are left out: a mismatch is permitted, since 6.5 */
  constructor(readonly quiet: boolean) {}

  /** btf_verifier_log(); a newline at the end is the end of the line. */
  print(...pieces: readonly string[]): void {
    for (const piece of pieces) this.complaints.push(piece.slice(0, LONGEST_PIECE));
  }

  /** pr_warn() of tools/lib/bpf/btf_relocate.c, which the kernel shares. */
  warn(text: string): void {
    this.warnings.push(text);
  }
}
