import { describe, expect, it } from 'vitest';
import type { Migration } from '@longshore/client';
import type { MigrationGroup } from '@longshore/contracts';
import {
  GROUP_ACTIONS,
  groupPrivilegeRefusal,
  groupRefusal,
  groupWord,
  joinGroups,
  type GroupAction,
} from './group-row.ts';
import type { Connection } from '../../../environments/connection.ts';
import { groupBodyOf, problemOf } from './new-group.ts';

const DEV = { name: 'dev', url: 'http://dev', production: false };
const PROD = { name: 'prod', url: 'http://prod', production: true };

function aGroup(status: MigrationGroup['status'], changes: Partial<MigrationGroup> = {}, replicated = false) {
  const importStatus = replicated ? 'imported' : 'pending';
  return {
    id: 'G:H',
    status,
    importRequestStatus: 'pending',
    undoRequestStatus: 'pending',
    migrations: [{ packageInfo: { replicated }, importInfo: { status: importStatus } }],
    ...changes,
  } as unknown as MigrationGroup;
}

const rowOf = (source: MigrationGroup | null, target?: MigrationGroup) => {
  const [row] = joinGroups([
    ...(source ? [{ environment: DEV, group: source }] : []),
    ...(target ? [{ environment: PROD, group: target }] : []),
  ]);
  if (!row) throw new Error('no row');
  return row;
};
const allowed = (row: ReturnType<typeof rowOf>): GroupAction[] =>
  GROUP_ACTIONS.filter((action) => groupRefusal(action, row) === null);

describe('a group', () => {
  it('before and after the request', () => {
    expect(allowed(rowOf(aGroup('created')))).toEqual(['request', 'edit', 'certify', 'deleteSource']);
    const requested = rowOf(aGroup('created', { importRequestStatus: 'requested' }));
    expect(groupWord(requested)).toBe('requested');
    expect(allowed(requested)).toEqual(['withdraw', 'approve', 'reject', 'certify', 'deleteSource']);
  });
  it('on its way to the target and back', () => {
    const locked = aGroup('locked', { importRequestStatus: 'approved' });
    expect(allowed(rowOf(locked))).toEqual(['import', 'deleteSource']);
    expect(allowed(rowOf(locked, aGroup('importing', {}, true)))).toEqual([]);
    const imported = rowOf(locked, aGroup('imported', {}, true));
    expect(groupWord(imported)).toBe('imported');
    expect(allowed(imported)).toEqual(['requestUndo', 'undo', 'deleteSource', 'deleteTarget']);
    expect(groupWord(rowOf(locked, aGroup('imported', { undoRequestStatus: 'requested' }, true)))).toBe(
      'undoRequested',
    );
  });
  it('is edited until it is requested, and again after a failure or a reject', () => {
    expect(groupRefusal('edit', rowOf(aGroup('create_failed')))).toBeNull();
    expect(groupRefusal('edit', rowOf(aGroup('created', { importRequestStatus: 'rejected' })))).toBeNull();
    expect(groupRefusal('edit', rowOf(aGroup('creating')))).toBe('state');
    expect(groupRefusal('edit', rowOf(aGroup('locked', { importRequestStatus: 'approved' })))).toBe('state');
  });
  it('a request to reverse is rejected or approved, and can be made again', () => {
    const locked = aGroup('locked', { importRequestStatus: 'approved' });
    const asked = rowOf(locked, aGroup('imported', { undoRequestStatus: 'requested' }, true));
    expect(allowed(asked)).toEqual(['rejectUndo', 'undo', 'deleteSource', 'deleteTarget']);
    const rejected = rowOf(locked, aGroup('imported', { undoRequestStatus: 'rejected' }, true));
    expect(allowed(rejected)).toEqual(['requestUndo', 'undo', 'deleteSource', 'deleteTarget']);
  });
  it('asks for privileges in every project that it has packages of', () => {
    const group = {
      ...aGroup('created', { importRequestStatus: 'requested' }),
      migrations: ['One', 'Two'].map((id) => ({
        packageInfo: { type: 'project', project: { id } },
        importInfo: { status: 'pending', project: { id } },
      })),
    } as unknown as MigrationGroup;
    const source = (projects: readonly string[]): Connection =>
      ({
        environment: DEV,
        holds: (_: number, project?: string) => projects.includes(project ?? ''),
      }) as unknown as Connection;
    const refusal = (projects: readonly string[]): string | null =>
      groupPrivilegeRefusal('approve', { row: rowOf(group), source: source(projects), target: null });
    expect(refusal(['One', 'Two'])).toBeNull();
    expect(refusal(['One'])).toContain('dev');
  });
  it('of which only the target is connected', () => {
    expect(groupRefusal('import', rowOf(null, aGroup('imported', {}, true)))).toBe('noSource');
  });
});

describe('a new group', () => {
  const aPackage = (id: string, project?: string): Migration =>
    ({
      id,
      packageInfo: {
        type: project === undefined ? 'configuration' : 'project',
        ...(project === undefined ? {} : { project: { id: project, name: project } }),
        tocView: {
          settings: { defaultAction: 'replace' },
          content: [
            { id: 'A', type: 12, action: 'replace', includeDependents: true, explicitIncluded: true },
            { id: 'B', type: 13, explicitIncluded: false },
          ],
        },
      },
    }) as unknown as Migration;

  it('has a name, and one package for each project', () => {
    expect(problemOf('', [aPackage('P')])).not.toBeNull();
    expect(problemOf('G', [])).not.toBeNull();
    expect(problemOf('G', [aPackage('P', 'One'), aPackage('Q', 'One')])).toContain('One');
    expect(problemOf('G', [aPackage('P', 'One'), aPackage('Q', 'Two'), aPackage('R')])).toBeNull();
  });
  it('begins with the configuration, and asks for what was chosen', () => {
    const records = [aPackage('P', 'One'), aPackage('Q')];
    const { migrations } = groupBodyOf({ name: ' G ', source: DEV, target: PROD, records });
    expect(migrations.map(({ packageInfo }) => packageInfo.type)).toEqual(['configuration', 'project']);
    expect(migrations[1]?.packageInfo.tocView?.content).toEqual([
      { id: 'A', type: 12, action: 'replace', includeDependents: true },
    ]);
  });
});
