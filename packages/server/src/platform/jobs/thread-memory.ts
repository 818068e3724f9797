/**
 * What a thread may keep, in MB. Left to itself, Node keeps up to 200 for young objects on a large machine, whatever the
 * work is; a third of what is given here is in use at a time, and with less, batches that are still in use are moved as if
 * they were old. Below 2,000 for old objects, these are collected when they have doubled, not only when there are four times
 * as many; no job comes near the limit itself.
 */
export const THREAD_MEMORY = { maxYoungGenerationSizeMb: 24, maxOldGenerationSizeMb: 1_500 } as const;

/** Of a thread beside a job, which keeps next to nothing on the heap from one answer to the next. */
export const SIDE_THREAD_MEMORY = { maxYoungGenerationSizeMb: 12, maxOldGenerationSizeMb: 1_500 } as const;
