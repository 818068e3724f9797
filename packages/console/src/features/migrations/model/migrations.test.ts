import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ImportInfo, Migration, PackageInfo } from '@longshore/client';
import { IMPORT_STATUSES, PACKAGE_STATUSES, REQUEST_STATUSES } from '@longshore/domain';
import { joinRows, type Listing, type MigrationRow, type Row } from './migration-row.ts';
import { STATUS_WORDS, isRunning, statusOf } from './migration-status.ts';
import { factsOf } from './row-facts.ts';
import { nextSort, selectRows, sortOf } from './select-rows.ts';

const DEV = { name: 'dev', url: 'http://dev', production: false };
const PROD = { name: 'prod', url: 'http://prod', production: true };

interface Parts {
  readonly packageInfo?: Partial<PackageInfo>;
  readonly importInfo?: Partial<ImportInfo>;
  readonly validation?: Migration['validation'];
}

function aRecord(id: string, { packageInfo, importInfo, validation }: Parts = {}): Migration {
  const [packageId = '', importId = ''] = id.split(':');
  return {
    id,
    packageInfo: { id: packageId, status: 'created', progress: 100, name: 'A package', ...packageInfo },
    importInfo: {
      id: importId,
      status: 'pending',
      progress: 0,
      importRequestStatus: 'pending',
      undoRequestStatus: 'pending',
      ...importInfo,
    },
    ...(validation === undefined ? {} : { validation }),
  };
}

const listing = (environment: Listing['environment'], ...records: Migration[]): Listing => ({
  environment,
  records,
  files: [],
});
const copy = (parts: Parts): Migration =>
  aRecord('P:I', { ...parts, packageInfo: { status: 'locked', replicated: true, ...parts.packageInfo } });

const row = (source: Parts | null, target: Parts | null = null): Row => {
  const [joined] = joinRows([
    ...(source ? [listing(DEV, aRecord('P:I', source))] : []),
    ...(target ? [listing(PROD, copy(target))] : []),
  ]);
  if (!joined) throw new Error('no row');
  return joined;
};
const locked: Parts = { packageInfo: { status: 'locked' }, importInfo: { importRequestStatus: 'approved' } };

describe('the status of a migration', () => {
  it.each<[string, Parts | null, Parts | null]>([
    ['creating', { packageInfo: { status: 'creating', progress: 40 } }, null],
    ['waiting', { packageInfo: { status: 'empty' } }, null],
    ['created', {}, null],
    ['failed', { packageInfo: { status: 'create_failed', message: 'no room' } }, null],
    ['validating', { validation: { status: 'validating', progress: 10 } }, null],
    ['created', { validation: { status: 'validation_failed', progress: 100, message: 'x' } }, null],
    ['pendingMigrate', { importInfo: { importRequestStatus: 'requested' } }, null],
    ['rejected', { importInfo: { importRequestStatus: 'rejected' } }, null],
    ['approved', locked, null],
    ['migrating', locked, { importInfo: { status: 'importing', progress: 5 } }],
    ['migrated', locked, { importInfo: { status: 'imported', importRequestStatus: 'approved' } }],
    ['failed', locked, { importInfo: { status: 'import_failed', message: 'Year is missing.' } }],
    ['pendingReverse', locked, { importInfo: { status: 'imported', undoRequestStatus: 'requested' } }],
    ['reversing', locked, { importInfo: { status: 'undoing', undoRequestStatus: 'approved' } }],
    ['reversed', locked, { importInfo: { status: 'undo_success', undoRequestStatus: 'approved' } }],
    ['failed', locked, { importInfo: { status: 'undo_failed', message: 'in use' } }],
    // Only the target is connected.
    ['migrated', null, { importInfo: { status: 'imported', importRequestStatus: 'approved' } }],
    // One environment is both.
    ['migrated', { ...locked, importInfo: { status: 'imported', importRequestStatus: 'approved' } }, null],
  ])('is %s for source %j and target %j', (word, source, target) => {
    expect(statusOf(row(source, target)).word).toBe(word);
  });

  it('carries the message of the side on which it failed', () => {
    const failed = row(locked, { importInfo: { status: 'import_failed', message: 'Year is missing.' } });
    expect(statusOf(failed)).toEqual({
      word: 'failed',
      progress: null,
      message: 'Year is missing.',
      phase: 'import',
    });
  });

  it('always has a word, and shows work exactly where one of the records is at work', () => {
    const side = fc.record({
      packageStatus: fc.constantFrom(...PACKAGE_STATUSES),
      status: fc.constantFrom(...IMPORT_STATUSES),
      importRequestStatus: fc.constantFrom(...REQUEST_STATUSES),
      undoRequestStatus: fc.constantFrom(...REQUEST_STATUSES),
    });
    fc.assert(
      fc.property(side, fc.option(side), (source, target) => {
        const parts = ({ packageStatus, ...importInfo }: typeof source): Parts => ({
          packageInfo: { status: packageStatus },
          importInfo,
        });
        const status = statusOf(row(parts(source), target ? parts(target) : null));
        expect(STATUS_WORDS).toContain(status.word);
        const moved = target ?? source;
        const works =
          source.packageStatus === 'creating' ||
          (source.packageStatus !== 'create_failed' && ['importing', 'undoing'].includes(moved.status));
        expect(isRunning(status)).toBe(works);
      }),
    );
  });
});

describe('rows', () => {
  it('are one for a migration, however many environments know it', () => {
    const rows = joinRows([listing(DEV, aRecord('P:I'), aRecord('Q:J')), listing(PROD, copy({}))]);
    expect(rows.map(({ id }) => id)).toEqual(['P:I', 'Q:J']);
    const [both] = rows as MigrationRow[];
    expect([both?.source?.environment.name, both?.target?.environment.name]).toEqual(['dev', 'prod']);
  });

  it('are also uploaded files, until a migration was made of them', () => {
    const file = { id: 'F', existing: true, extraInfo: { packageId: 'P' }, creator: {}, size: 1 } as never;
    const other = { id: 'G', existing: false, extraInfo: { packageId: 'Q' }, creator: {} } as never;
    const alone = joinRows([{ environment: PROD, records: [], files: [file, other] }]);
    expect(alone.map((one) => [one.id, statusOf(one).word])).toEqual([['F', 'uploaded']]);
    const imported = joinRows([{ environment: PROD, records: [copy({})], files: [file] }]);
    expect(imported.map(({ id }) => id)).toEqual(['P:I']);
  });

  const named = (id: string, name: string, createdAt: string, parts: Parts = {}): Migration =>
    aRecord(id, { ...parts, packageInfo: { name, creationDate: createdAt, ...parts.packageInfo } });
  const facts = joinRows([
    listing(
      DEV,
      named('A:1', 'Sales', '2026-01-02', { packageInfo: { type: 'project' } }),
      named('B:1', 'users', '2026-01-03', { packageInfo: { type: 'configuration' } }),
      named('C:1', 'Sales again', '2026-01-01', { importInfo: { importRequestStatus: 'requested' } }),
    ),
  ]).map(factsOf);
  const ids = (search: Parameters<typeof selectRows>[1]): string[] => selectRows(facts, search).map(({ id }) => id);

  it('come newest first', () => expect(ids({})).toEqual(['B:1', 'A:1', 'C:1']));
  it('are found by all words of a text', () => {
    expect(ids({ text: 'SALES' })).toEqual(['A:1', 'C:1']);
    expect(ids({ text: 'again sales' })).toEqual(['C:1']);
  });
  it('are filtered by status, type and environment', () => {
    expect(ids({ status: 'pendingMigrate' })).toEqual(['C:1']);
    expect(ids({ type: 'administration' })).toEqual(['B:1']);
    expect(ids({ environment: 'prod' })).toEqual([]);
  });
  it('are sorted without regard to letter case', () => {
    expect(ids({ sort: 'name' })).toEqual(['A:1', 'C:1', 'B:1']);
    expect(ids({ sort: 'name', order: 'descending' })).toEqual(['B:1', 'C:1', 'A:1']);
  });
  it('know no column but their own', () => expect(sortOf({ sort: 'constructor' }).column).toBe('created'));
  it('turn their order at the second click', () => {
    const once = nextSort(sortOf({}), 'name');
    expect(once).toEqual({ sort: 'name', order: 'ascending' });
    expect(nextSort(sortOf(once), 'name')).toEqual({ sort: 'name', order: 'descending' });
  });
});
