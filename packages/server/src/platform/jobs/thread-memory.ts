/**
 * What a thread may keep for young objects, in MB: a third of it is in use at a time. Left to itself, Node takes up to 200
 * on a large machine, whatever the work is; with less than this, batches that are still in use are moved as if they were old.
 */
export const THREAD_MEMORY = { maxYoungGenerationSizeMb: 24 } as const;
