import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { Kysely } from 'kysely';
import { expect, it } from 'vitest';
import { openDatabase } from '../../platform/db/database.ts';
import type { MetadataTables } from '../../platform/db/metadata-schema.ts';
import { METADATA_MIGRATIONS } from '../../platform/db/metadata-tables.ts';
import { openSqlite, sqliteDialect } from '../../platform/db/node-sqlite.ts';
import { folderTree } from './folder-tree.repository.ts';

it('finds the folders above an object by their ids, not by reading the project', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'longshore-tree-'));
  const location = join(folder, 'metadata.sqlite');
  await (await openDatabase<MetadataTables>({ location, migrations: METADATA_MIGRATIONS, lockPatience: 0 })).close();
  const texts: string[] = [];
  const db = new Kysely<MetadataTables>({
    dialect: sqliteDialect(openSqlite(location, { mode: 'reader', busyTimeout: 0 }), 'reader'),
    log: (event) => void texts.push(event.query.sql),
  });
  await folderTree(db).listAncestors({ scope: 'scope', id: 'id' });
  await db.destroy();

  const plain = new DatabaseSync(location);
  const plan = texts.flatMap((text) => plain.prepare(`EXPLAIN QUERY PLAN ${text}`).all());
  plain.close();
  rmSync(folder, { recursive: true });
  const searches = plan
    .map((row) => String(row['detail']))
    .filter((detail) => /^(SEARCH|SCAN) (o|object)\b/.test(detail));
  expect(searches).toHaveLength(3);
  for (const search of searches) expect(search).toContain('(scope=? AND id=?)');
});
