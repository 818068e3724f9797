import { defineConfig } from 'vitest/config';
import { PATIENCE } from './test/setup/patience.ts';
import { speedUpTests } from './test/setup/test-speed.ts';

speedUpTests();

/** Everything that touches a database, on PostgreSQL. What is pure is proven by `npm test` already. */
export default defineConfig({
  test: {
    expect: PATIENCE,
    include: [
      'test/postgres/**/*.test.ts',
      'test/engine/**/*.test.ts',
      'test/http/**/*.test.ts',
      'test/e2e/**/*.test.ts',
    ],
    // Copies the two files of SQLite; PostgreSQL is backed up by its own means.
    exclude: ['**/node_modules/**', 'test/e2e/backup.test.ts'],
    globalSetup: ['test/builders/postgres-setup.ts'],
    testTimeout: 180_000,
    hookTimeout: 120_000,
  },
});
