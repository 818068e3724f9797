/**
 * How long tests wait, in milliseconds, for what comes to be in its own time. Vitest's own second is too short where
 * several suites share a busy machine; what does come is seen as soon as before.
 */
export const PATIENCE = { poll: { timeout: 60_000, interval: 20 } } as const;
