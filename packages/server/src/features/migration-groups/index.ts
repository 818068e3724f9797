/**
 * Migration groups (spec/api.md 2.8). Composed like this: `createGroupChains` around the listener of single migrations,
 * whose own listener the job runner is given; `settleGroups` after `settleMigrations`; then `migrationGroupRoutes`.
 * `stop()` of the chains comes before the runner is drained.
 */
export { createGroupChains, type GroupChains } from './group-chains.service.ts';
export { DEFAULT_MAX_GROUP_MEMBERS, type GroupDeps, type GroupOptions } from './group-deps.ts';
export { migrationGroupRoutes } from './migration-groups.routes.ts';
export { settleGroups } from './settle-groups.service.ts';
