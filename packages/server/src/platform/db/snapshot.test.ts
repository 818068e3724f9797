import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { expect, it } from 'vitest';
import { openConnection } from './database.ts';

interface Tables {
  readonly note: { readonly text: string };
}

it('a snapshot has temporary tables, sees one state, takes no lock, and writes nothing else', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'longshore-snapshot-'));
  const file = join(folder, 'notes.sqlite');
  const writer = await openConnection<Tables>(file, { mode: 'writer', busyTimeout: 0 });
  await sql`CREATE TABLE note (text TEXT)`.execute(writer.executor);
  const snapshot = await openConnection<Tables>(file, { mode: 'snapshot', busyTimeout: 0 });
  await snapshot.transaction(async (tx) => {
    await sql`CREATE TABLE temp.seen AS SELECT count(*) AS n FROM note`.execute(tx);
    await writer.transaction(async (other) => {
      await other.insertInto('note').values({ text: 'from elsewhere' }).execute();
    });
    expect(await tx.selectFrom('note').selectAll().execute()).toEqual([]);
    await expect(tx.insertInto('note').values({ text: 'mine' }).execute()).rejects.toThrow('readonly');
    expect((await sql`SELECT n FROM temp.seen`.execute(tx)).rows).toEqual([{ n: 0 }]);
  });
  expect(await snapshot.executor.selectFrom('note').selectAll().execute()).toEqual([{ text: 'from elsewhere' }]);
  await snapshot.close();
  await writer.close();
  rmSync(folder, { recursive: true });
});
