export { DeleteDialog } from './action-dialogs.tsx';
export { MigrationPage } from './migration-page.tsx';
export { MigrationsPage } from './migrations-page.tsx';
export { readMigrationsSearch, type MigrationsSearch } from './migrations-search.ts';
export { packageSide } from './model/migration-row.ts';
export { useMigration } from './use-migration.ts';
export type { ActionScene } from './model/migration-actions.ts';
