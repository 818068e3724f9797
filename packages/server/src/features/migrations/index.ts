/**
 * Migrations (spec/api.md 2.7). Composed in this order: `createJobProgress`, then `createJobListener`, to which the job
 * runner reports; `settleMigrations`, before anything is answered; then `migrationRoutes` with the runner.
 */
export { downloadRoutes } from './downloads.routes.ts';
export { createJobListener } from './job-listener.service.ts';
export { createJobProgress, type JobProgress } from './job-progress.ts';
export type { MigrationDeps, MigrationOptions, PackageInspector } from './migration-deps.ts';
export { migrationRoutes } from './migrations.routes.ts';
export { createPackageInspector } from './package-inspector.ts';
export type { PackageRule } from './package-rules.ts';
export { settleMigrations, type JobSummary } from './settle-migrations.service.ts';
