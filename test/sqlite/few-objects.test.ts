import { describe, expect, it } from 'vitest';
import type { Dialect } from 'kysely';
import { createPackage } from '../../packages/server/src/features/migrations/create/create-package.service.ts';
import { openConnection, type ConnectionOptions } from '../../packages/server/src/platform/db/database.ts';
import type { MetadataTables } from '../../packages/server/src/platform/db/metadata-schema.ts';
import { guardedDialect, type Guard } from '../builders/guarded-dialect.ts';
import {
  anEnvironmentPair,
  anObject,
  aUser,
  idOf,
  type Connect,
  type EngineEnvironment,
} from '../engine/environment.ts';
import { walkedTables } from './walked-tables.ts';

/** Collects what the statements of connections walk through. */
class Watch {
  /** Statements that were looked at. */
  readonly seen = new Set<string>();
  readonly walks = new Map<string, string[]>();

  readonly connect: Connect = (location) => this.open(location, 'writer');

  open(location: string, mode: ConnectionOptions['mode']): ReturnType<Connect> {
    const throughDialect = (dialect: Dialect): Dialect => guardedDialect(dialect, this.#look);
    return openConnection<MetadataTables>(location, { mode, busyTimeout: 1000, throughDialect });
  }

  readonly #look: Guard = async ({ sql }, connection) => {
    if (!/^\s*(?:\/\*.*?\*\/)?\s*(?:SELECT|WITH|INSERT|UPDATE|DELETE)\b/i.test(sql) || this.seen.has(sql)) return;
    this.seen.add(sql);
    const walked = await walkedTables(connection, sql);
    if (walked.length > 0) this.walks.set(sql, walked);
  };
}

const newer = { version: idOf('V2'), dateModified: '2021-01-01T00:00:00.000+0000' };
const [SALES, YEAR, PROFIT] = [idOf('SALES'), idOf('YEAR'), idOf('PROFIT')];
const [REPORT, OLD, COPIED] = [idOf('REPORT'), idOf('OLD'), idOf('COPIED')];
const [MOVED, ARCHIVE] = [idOf('MOVED'), idOf('ARCHIVE')];

const year = (fields = {}) => anObject({ id: YEAR, type: 12, name: 'Year', ...fields });
const profit = (fields = {}) =>
  anObject({ id: PROFIT, type: 4, name: 'Profit', definition: { of: { objectId: YEAR } }, ...fields });
const report = () =>
  anObject({ id: REPORT, type: 3, name: 'Report', parentId: SALES, definition: { of: { objectId: PROFIT } } });
const copied = (fields = {}) => anObject({ id: COPIED, type: 4, name: 'Copied', ...fields });

async function aPairOfProjects() {
  const pair = await anEnvironmentPair();
  const translations = { '1:0:': { '1031': 'Jahr' } };
  await pair.source.put(
    anObject({ id: SALES, type: 8, name: 'Sales' }),
    year({ ...newer, translations }),
    profit({ parentId: SALES }),
    report(),
    copied(newer),
    anObject({ id: MOVED, type: 8, name: 'Moved' }),
  );
  await pair.target.put(
    year({ translations: { '1:0:': { '1031': 'Jahr!', '1036': 'An' } } }),
    profit(),
    anObject({ id: OLD, type: 4, name: 'Old' }),
    copied(),
    anObject({ id: ARCHIVE, type: 8, name: 'Archive' }),
    anObject({ id: MOVED, type: 8, name: 'Moved', parentId: ARCHIVE }),
  );
  return pair;
}

const [REPLACE, DELETE, MOVE, COPY] = [
  { id: YEAR, type: 12, action: 'replace' },
  { id: OLD, type: 4, action: 'delete' },
  { id: MOVED, type: 8, action: 'replace' },
  { id: COPIED, type: 4, action: 'keep_both' },
] as const;
const MAKE = { id: REPORT, type: 3, action: 'use_newer', includeDependents: true } as const;

const createWatched =
  (watch: Watch, { metadata }: EngineEnvironment): typeof createPackage =>
  async (job, parts) => {
    const connection = await watch.open(metadata.location, 'reader');
    try {
      return await connection.transaction((snapshot) => createPackage(job, { ...parts, snapshot }));
    } finally {
      await connection.close();
    }
  };

describe('without walking through what there is of a project, few objects', () => {
  it('are made a package, validated, imported and undone', async () => {
    const watch = new Watch();
    await using pair = await aPairOfProjects();
    const { source, target } = pair;
    const before = await target.dump();
    const made = await source.create({ content: [REPLACE, MAKE, DELETE, MOVE] }, createWatched(watch, source));
    await target.validate(made, {}, watch.connect);
    const { importId, counts } = await target.import(made, {}, watch.connect);
    expect(counts).toMatchObject({ create: 2, replace: 1, delete: 1, move: 2 });
    await target.undo(made, importId, { connect: watch.connect });
    expect(await target.dump()).toEqual(before);
    expect(watch.seen.size).toBeGreaterThan(60);
    expect(watch.seen).toContainEqual(expect.stringContaining('DELETE FROM temp.unreachable_folder'));
    for (const decided of ['temp.decision', 'temp.undo_step']) {
      const circles = new RegExp(`INSERT INTO temp.unreachable_folder[^]* FROM ${decided} `);
      expect(watch.seen).toContainEqual(expect.stringMatching(circles));
    }
    expect(Object.fromEntries(watch.walks)).toEqual({});
  });

  it('are taken as copies beside those of the target', async () => {
    const watch = new Watch();
    await using pair = await aPairOfProjects();
    const made = await pair.source.create({ content: [COPY] });
    expect((await pair.target.import(made, {}, watch.connect)).counts).toMatchObject({ duplicate: 1 });
    expect(Object.fromEntries(watch.walks)).toEqual({});
  });

  it('are users that get addresses with what these name', async () => {
    const watch = new Watch();
    await using pair = await anEnvironmentPair();
    const { source, target } = pair;
    const configured = { projectId: null, parentId: null };
    const mail = anObject({ id: idOf('MAIL'), type: 9, ...configured });
    const ann = (definition = {}) => aUser({ id: idOf('ANN'), name: 'Ann', abbreviation: 'ann', definition });
    await source.put(mail, ann({ addresses: [{ device: { objectId: mail.id } }] }));
    await target.put(mail, anObject({ id: OLD, type: 9, ...configured }), ann());
    const before = await target.dump();
    const content = [
      { id: idOf('ANN'), type: 34 },
      { ...DELETE, type: 9 },
    ];
    const made = await source.create({ type: 'configuration', content });
    const { importId, counts } = await target.import(made, {}, watch.connect);
    expect(counts).toEqual({ delete: 1, update_contacts: 1 });
    // An undo that writes users compares all login names.
    await target.undo(made, importId);
    expect(await target.dump()).toEqual(before);
    expect(Object.fromEntries(watch.walks)).toEqual({});
  });

  it('are merged into a project with their translations, and undone', async () => {
    const watch = new Watch();
    await using pair = await aPairOfProjects();
    const { source, target } = pair;
    const before = await target.dump();
    const merge = {
      validateDependencies: true,
      translationAction: 'replace',
      objectTypeActions: [],
      folderActions: [],
      objectActions: [],
    } as const;
    const made = await source.create({ content: [], settings: { defaultAction: 'replace', merge } });
    const { importId, counts } = await target.import(made, {}, watch.connect);
    expect(counts).toMatchObject({ create: 2 });
    expect(watch.seen).toContainEqual(expect.stringContaining('UPDATE object_body SET translations'));
    await target.undo(made, importId, { connect: watch.connect });
    expect(await target.dump()).toEqual(before);
    expect(Object.fromEntries(watch.walks)).toEqual({});
  });
});
