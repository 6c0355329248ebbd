// Memory of tensors: AssemblyScript's TLSF allocator, used by the owning thread alone.

/**
 * Every block is this much longer than asked for, so that kernels may work in whole vectors: they may read past the
 * end of a tensor by up to 60 bytes and write past it by up to 16.
 */
const SLACK: usize = 60;

/** Address of a fresh block, 16-byte aligned. Traps when the memory can't grow any more. */
export function allocate(bytes: usize): usize {
  return heap.alloc(bytes + SLACK);
}

export function release(address: usize): void {
  heap.free(address);
}
