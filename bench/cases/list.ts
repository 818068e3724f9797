import { DatabaseSync } from 'node:sqlite';
import { createPackage } from '../migration.ts';
import { quantile } from '../usage.ts';
import { expectThat, type BenchCase } from './case.ts';

/** Each of the tables of a migration record, with the column that tells copies apart. */
const COPIED = [
  ['package', ['id']],
  ['package_view', ['package_id']],
  ['migration_import', ['id', 'package_id']],
  ['migration_listing', ['package_id', 'import_id']],
] as const;

const PAGES = 20;

/** The first page of the list of migrations, in an environment that has as many records as the size says. */
export const listCase: BenchCase = {
  name: 'list',
  isAbout: 'requests',
  async run(workspace) {
    workspace.copy(await workspace.loaded('new'), 'list');
    {
      await using server = await workspace.start('list');
      await createPackage(server);
    }
    multiplyRecords(workspace.file('list/library.sqlite'), workspace.objects);
    await using server = await workspace.start('list');
    const first = await server.client.migrations.list({ limit: 100 });
    expectThat(first.total >= workspace.objects, `the list has ${first.total} records`);
    const times: number[] = [];
    const { result: _, ...measured } = await server.measure(async () => {
      for (let page = 0; page < PAGES; page += 1) {
        const started = performance.now();
        await server.client.migrations.list({ offset: page * 100, limit: 100 });
        times.push(performance.now() - started);
      }
    });
    return {
      ...measured,
      wall: measured.wall / PAGES,
      cpu: measured.cpu / PAGES,
      objects: first.total,
      bytes: 0,
      details: { pageMedianMs: quantile(times, 0.5), pageMaxMs: quantile(times, 1) },
    };
  },
};

/** Copies the one record that is there under other ids; nothing else tells the copies apart. */
function multiplyRecords(file: string, records: number): void {
  const db = new DatabaseSync(file);
  db.exec('BEGIN');
  for (const [table, ids] of COPIED) {
    const columns = db.prepare(`SELECT name FROM pragma_table_info(?)`).all(table) as unknown as { name: string }[];
    const names = columns.map(({ name }) => name);
    const values = names.map((name) =>
      (ids as readonly string[]).includes(name) ? `printf('%08X', n) || substr(${name}, 9)` : shrunk(table, name),
    );
    db.prepare(
      `WITH RECURSIVE number (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n < ?)
       INSERT INTO ${table} (${names.join(', ')}) SELECT ${values.join(', ')} FROM ${table}, number`,
    ).run(records);
  }
  db.exec('COMMIT');
  db.close();
}

/** The list never reads the views; copies of a large one would only fill the disk. */
const shrunk = (table: string, column: string): string =>
  table === 'package_view' && column === 'toc_view' ? `'{}'` : column;
