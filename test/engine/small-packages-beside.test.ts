import { vi } from 'vitest';
import { startPackageThread } from '../../packages/server/src/features/migrations/import/package-thread-questions.ts';

/** What holds for small packages holds with the thread that only large ones have: the same tests once more. */
vi.mock('../../packages/server/src/features/migrations/import/package-thread-questions.ts', async (original) => ({
  ...(await original<object>()),
  packageThreadFor: () => startPackageThread(),
}));

await import('./second-reading.test.ts');
await import('./user-contacts.test.ts');
await import('./folder-circles.test.ts');
