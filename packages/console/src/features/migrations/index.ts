export { MigrationPage } from './migration-page.tsx';
export { MigrationsPage } from './migrations-page.tsx';
export { readMigrationsSearch, type MigrationsSearch } from './migrations-search.ts';
