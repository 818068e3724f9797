/** Progress of the imports of sessions that are under way in this process, in memory. */
export interface HolderProgress {
  set(importGuid: string, progress: number): void;
  clear(importGuid: string): void;
  /** 0 when nothing was heard of it. */
  of(importGuid: string): number;
}

export function createHolderProgress(): HolderProgress {
  const byGuid = new Map<string, number>();
  return {
    set: (guid, progress) => void byGuid.set(guid, Math.min(99, Math.max(0, Math.floor(progress)))),
    clear: (guid) => void byGuid.delete(guid),
    of: (guid) => byGuid.get(guid) ?? 0,
  };
}
