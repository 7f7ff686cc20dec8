// Names of kernels that are not here.

/** How such names look: debian:12, debian:trixie/arm64, debian:6.1.0-50-amd64. */
export const KERNEL_NAME = /^debian:/;
