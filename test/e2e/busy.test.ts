import { describe, expect, it } from 'vitest';
import { createClient } from '@longshore/client';
import { generateProject } from '@longshore/samples';
import { approvedPackage, isImported, PASSWORD, PROJECT, twoEnvironments } from './two-environments.ts';

const OBJECTS = 4_000;
const ROOT = 'D43364C684E34A5F9B2F9AD7108F7828';

describe('while a large import runs', () => {
  it('polls are answered, people can log in, and the progress moves', async () => {
    await using pair = await twoEnvironments({ sample: null });
    const { dev, prod } = pair;
    const project = [...generateProject({ objects: OBJECTS, seed: 3, projectId: PROJECT })];
    await dev.client.metadata.load(new Blob([project.join('\n')]).stream());
    await prod.client.metadata.load(new Blob([project[0] ?? '']).stream());
    const folders = await dev.client.folders.list(ROOT, { projectId: PROJECT, limit: -1 });
    const record = await approvedPackage(dev, prod, {
      content: folders.map(({ id, type }) => ({ id, type, includeDependents: true })),
    });

    await prod.client.migrations.import(record, { projectId: PROJECT, undoPackage: 'generate' });
    const seen = new Set<number>();
    let logins = 0;
    for (;;) {
      const now = await prod.client.migrations.get(record.id);
      if (isImported(now)) break;
      seen.add(now.importInfo.progress ?? 0);
      const other = createClient({ baseUrl: prod.running.url });
      await other.login({ kind: 'password', username: 'Administrator', password: PASSWORD });
      if (!isImported(await prod.client.migrations.get(record.id))) logins += 1;
    }
    const ended = await prod.client.migrations.get(record.id);
    expect(ended.importInfo).toMatchObject({ status: 'imported', progress: 100 });
    // A login writes to the database of sessions: the import must not make it wait.
    expect(logins).toBeGreaterThan(0);
    expect(seen.size).toBeGreaterThan(1);
  });
});
