/**
 * The older package API (spec/api.md 2.11). Composed like this: `createHolderListener` around the listener of
 * migrations; `settleHolders` at start; then `packageRoutes`. `freeEndedSessions` is called whenever a session ends.
 */
export { freeEndedSessions, type FreeSessionsParts } from './free-sessions.service.ts';
export type { HolderDeps, HolderOptions } from './holder-deps.ts';
export { createHolderListener } from './holder-listener.service.ts';
export { createHolderProgress, type HolderProgress } from './holder-progress.ts';
export { packageRoutes } from './packages.routes.ts';
export { settleHolders } from './settle-holders.service.ts';
