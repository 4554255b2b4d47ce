// How many bytes of bodies may stay in memory. Uploads reserve as bytes arrive, so the bound holds while they run too.

export interface MemoryBudget {
  /** Bytes reserved now. */
  usedBytes(): number;
  /** Takes the bytes if they fit; a body that is refused goes to a file. */
  tryReserve(sizeBytes: number): boolean;
  release(sizeBytes: number): void;
}

export function openMemoryBudget(limitBytes: number): MemoryBudget {
  let used = 0;
  return {
    usedBytes: () => used,
    tryReserve(sizeBytes) {
      if (used + sizeBytes > limitBytes) return false;
      used += sizeBytes;
      return true;
    },
    release(sizeBytes) {
      used -= sizeBytes;
    },
  };
}
