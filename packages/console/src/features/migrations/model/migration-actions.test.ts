import { describe, expect, it } from 'vitest';
import type { ImportInfo, Migration, PackageInfo } from '@longshore/client';
import type { Connection } from '../../../environments/index.ts';
import { ACTION_IDS, refusalOf, runningWork, type ActionId } from './migration-actions.ts';
import type { MigrationRow } from './migration-row.ts';

const DEV = { name: 'dev', url: 'http://dev/MicroStrategyLibrary', production: false };
const PROD = { name: 'prod', url: 'http://prod/MicroStrategyLibrary', production: true };
const everything = (): boolean => true;
const connection = (environment: typeof DEV, holds: Connection['holds'] = everything): Connection => ({
  environment,
  holds,
  client: {} as never,
  user: { id: 'U', fullName: 'Somebody' },
});

function aRecord(packageInfo: Partial<PackageInfo>, importInfo: Partial<ImportInfo>): Migration {
  return {
    id: 'P:I',
    packageInfo: { id: 'P', status: 'created', progress: 100, purpose: 'object_migration', ...packageInfo },
    importInfo: {
      id: 'I',
      status: 'pending',
      progress: 0,
      importRequestStatus: 'pending',
      undoRequestStatus: 'pending',
      environment: { id: PROD.url, name: 'prod' },
      ...importInfo,
    },
  };
}

type Records = readonly [source: Migration | null, target?: Migration];
const rowOf = ([source, target]: Records): MigrationRow => ({
  kind: 'migration',
  id: 'P:I',
  source: source && { environment: DEV, record: source },
  target: target ? { environment: PROD, record: target } : null,
});

const created = aRecord({}, {});
const requested = aRecord({}, { importRequestStatus: 'requested' });
const approved = aRecord({ status: 'locked' }, { importRequestStatus: 'approved' });
const copy = (importInfo: Partial<ImportInfo>): Migration =>
  aRecord({ status: 'locked', replicated: true }, { importRequestStatus: 'approved', ...importInfo });
const imported = copy({ status: 'imported', undoStorage: { size: 1, path: 'undo' } });

const allowed = (records: Records, connections: { source?: Connection; target?: Connection } = {}): ActionId[] =>
  ACTION_IDS.filter((id) => {
    const { source = connection(DEV), target = connection(PROD) } = connections;
    return refusalOf(id, { row: rowOf(records), source: records[0] ? source : null, target }) === null;
  });

describe('what a manager may do', () => {
  it('with a new package', () =>
    expect(allowed([created])).toEqual([
      'request',
      'validate',
      'migrate',
      'edit',
      'reuse',
      'requestCertification',
      'certify',
      'downloadPackage',
      'deleteSource',
    ]));
  it('with a requested one', () =>
    expect(allowed([requested])).toEqual([
      'withdraw',
      'approve',
      'reject',
      'migrate',
      'reuse',
      'requestCertification',
      'certify',
      'downloadPackage',
      'deleteSource',
    ]));
  it('with an approved one', () =>
    expect(allowed([approved])).toEqual(['migrate', 'reuse', 'downloadPackage', 'deleteSource']));
  it('while it is imported', () =>
    expect(allowed([approved, copy({ status: 'importing' })])).toEqual([
      'cancel',
      'reuse',
      'downloadPackage',
      'deleteSource',
    ]));
  it('after the import', () =>
    expect(allowed([approved, imported])).toEqual([
      'requestUndo',
      'undo',
      'reuse',
      'downloadPackage',
      'downloadUndo',
      'deleteSource',
      'deleteTarget',
    ]));
  it('after a request to undo', () =>
    expect(allowed([approved, copy({ ...imported.importInfo, undoRequestStatus: 'requested' })])).toEqual(
      expect.arrayContaining(['rejectUndo', 'undo']),
    ));
  it('after an import that left no way back', () => {
    const forGood = allowed([approved, copy({ status: 'imported' })]);
    expect(forGood).not.toContain('undo');
    expect(forGood).not.toContain('downloadUndo');
  });
  it('after a failed import', () =>
    expect(allowed([approved, copy({ status: 'import_failed' })])).toEqual(
      expect.arrayContaining(['migrate', 'undo']),
    ));
});

describe('what is under way', () => {
  const scene = (records: Records, connections: Partial<Parameters<typeof refusalOf>[1]> = {}) => ({
    row: rowOf(records),
    source: connection(DEV),
    target: connection(PROD),
    ...connections,
  });
  const validating = { ...created, validation: { status: 'validating', progress: 0, message: '' } } as never;
  it.each([
    ['create', [aRecord({ status: 'creating' }, {})]],
    ['import', [approved, copy({ status: 'importing' })]],
    ['undo', [approved, copy({ ...imported.importInfo, status: 'undoing' })]],
    ['validate', [validating]],
  ] as [string, Records][])('can be cancelled: %s', (work, records) => {
    expect(runningWork(scene(records))).toBe(work);
    expect(refusalOf('cancel', scene(records))).toBeNull();
  });
  it('is nothing when all rests', () => {
    for (const records of [[created], [approved], [approved, imported]] as Records[]) {
      expect(runningWork(scene(records))).toBeNull();
      expect(refusalOf('cancel', scene(records))).toEqual({ kind: 'nothingRuns' });
    }
  });
  it('is cancelled where it runs, by who may start it', () => {
    const architect = connection(PROD, (privilege) => privilege === 295);
    expect(refusalOf('cancel', scene([validating], { target: null }))).toMatchObject({ kind: 'notConnected' });
    expect(refusalOf('cancel', scene([validating], { target: architect }))).toMatchObject({ privilege: 296 });
    const importing: Records = [approved, copy({ status: 'importing' })];
    expect(refusalOf('cancel', scene(importing, { target: architect }))).toMatchObject({ privilege: 296 });
    const creating: Records = [aRecord({ status: 'creating' }, {})];
    expect(refusalOf('cancel', scene(creating, { source: connection(DEV, (one) => one === 295) }))).toBeNull();
    const merge: Records = [aRecord({ status: 'creating', purpose: 'project_merge' }, {})];
    expect(refusalOf('cancel', scene(merge, { source: connection(DEV, (one) => one === 295) }))).toMatchObject({
      privilege: 296,
    });
  });
});

describe('why something cannot be done', () => {
  const architect = connection(DEV, (privilege) => privilege === 295);
  it('names the privilege and where it is missing', () => {
    const scene = { row: rowOf([requested]), source: architect, target: connection(PROD) };
    expect(refusalOf('withdraw', scene)).toBeNull();
    expect(refusalOf('approve', scene)).toEqual({ kind: 'privilege', privilege: 296, environment: 'dev' });
  });
  it('looks for privileges in the project of the package', () => {
    const record = aRecord({ project: { id: 'P1', name: 'One' } }, {});
    const source = connection(DEV, (_privilege, projectId) => projectId === 'P1');
    expect(refusalOf('request', { row: rowOf([record]), source, target: null })).toBeNull();
  });
  it('names the environment that is not connected', () => {
    const scene = { row: rowOf([approved]), source: connection(DEV), target: null };
    expect(refusalOf('migrate', scene)).toEqual({ kind: 'notConnected', side: 'target', environment: 'prod' });
    expect(refusalOf('undo', scene)).toEqual({ kind: 'notConnected', side: 'target', environment: 'prod' });
  });
  it('names the state that is in the way', () => {
    const scene = { row: rowOf([approved]), source: connection(DEV), target: connection(PROD) };
    expect(refusalOf('edit', scene)).toMatchObject({ kind: 'state', field: 'packageInfo.status', value: 'locked' });
  });
});
