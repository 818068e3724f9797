import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ImportStatus, PackageStatus, RequestStatus } from '@longshore/domain';
import {
  TUTORIAL,
  createWorld,
  type Answer,
  type TestEnvironment,
  type World,
} from '../builders/migration-environment.ts';
import { undoPath } from '../../packages/server/src/platform/files/store-path.ts';
import { aPackageRow, anImportRow, idOf, insertRows } from '../builders/migration-rows.ts';
import { approved, createBody, put, read } from '../builders/migration-walk.ts';

/** Spec/api.md 3.9, written down once more: every operation is tried in every state that a record can be in. */
const PACKAGE: PackageStatus[] = ['creating', 'created', 'create_failed', 'locked'];
const REQUEST: RequestStatus[] = ['pending', 'requested', 'approved', 'rejected'];
const IMPORT: ImportStatus[] = [
  'pending',
  'importing',
  'imported',
  'import_failed',
  'undoing',
  'undo_success',
  'undo_failed',
];
const UNDONE: ImportStatus[] = ['imported', 'import_failed', 'undo_failed'];

interface Cell {
  readonly pkg: PackageStatus;
  readonly request: RequestStatus;
  readonly status: ImportStatus;
  readonly undo: RequestStatus;
}

const isUnlocked = (cell: Cell): boolean =>
  cell.status === 'pending' && ['pending', 'rejected', 'requested'].includes(cell.request);
const isEditable = (cell: Cell): boolean => ['pending', 'rejected'].includes(cell.request);
const isUndoable = (cell: Cell): boolean =>
  cell.pkg === 'locked' && cell.request === 'approved' && UNDONE.includes(cell.status);

interface Row {
  readonly name: string;
  readonly body: object;
  /** PATCH of the record itself when it is left out. */
  readonly call?: readonly ['PUT' | 'PATCH', string];
  /** The field that the operation sets, and the value: where the record has it already, nothing happens, and that is fine. */
  readonly sets?: keyof Cell;
  readonly to?: RequestStatus;
  readonly allowed: (cell: Cell) => boolean;
}

const request = (to: RequestStatus, from: RequestStatus[]): Row => ({
  name: `import request to ${to}`,
  body: { importInfo: { importRequestStatus: to } },
  sets: 'request',
  to,
  allowed: (cell) => cell.pkg === 'created' && cell.status === 'pending' && from.includes(cell.request),
});
const undo = (to: RequestStatus, from: RequestStatus[]): Row => ({
  name: `undo request to ${to}`,
  body: { importInfo: { undoRequestStatus: to } },
  sets: 'undo',
  to,
  allowed: (cell) => isUndoable(cell) && from.includes(cell.undo),
});

const ROWS: Row[] = [
  {
    name: 'rename',
    body: { packageInfo: { name: 'Another' } },
    allowed: (cell) => ['created', 'create_failed'].includes(cell.pkg) && isUnlocked(cell),
  },
  {
    name: 'set target',
    body: { importInfo: { environment: { id: 'https://another/' } } },
    allowed: (cell) => ['creating', 'created', 'create_failed'].includes(cell.pkg) && isUnlocked(cell),
  },
  request('requested', ['pending', 'rejected']),
  request('approved', ['requested']),
  request('rejected', ['requested']),
  request('pending', ['requested']),
  undo('requested', ['pending', 'rejected', 'approved']),
  undo('approved', ['requested']),
  undo('rejected', ['requested']),
  {
    name: 'validate',
    body: { validation: { status: 'validating' } },
    allowed: (cell) => cell.pkg === 'created' && cell.status === 'pending' && isEditable(cell),
  },
  {
    name: 'edit',
    body: { type: 'project', name: 'Edited', tocView: createBody('').packageInfo.tocView },
    call: ['PUT', '/packageInfo'],
    allowed: (cell) => ['created', 'create_failed'].includes(cell.pkg) && cell.status === 'pending' && isEditable(cell),
  },
  {
    name: 'certify',
    body: { status: 'certified' },
    call: ['PATCH', '/packageInfo/certification'],
    allowed: (cell) => cell.pkg === 'created',
  },
];

let world: World;
let environment: TestEnvironment;
let count = 0;

beforeAll(async () => {
  world = await createWorld();
  environment = await world.start('source');
});
afterAll(() => world.close());

const cells = PACKAGE.flatMap((pkg) =>
  REQUEST.flatMap((request) =>
    IMPORT.flatMap((status) => REQUEST.map((undo): Cell => ({ pkg, request, status, undo }))),
  ),
);

/** Without the states of the undo request, which matter to the undo alone. */
const unasked = cells.filter(({ undo }) => undo === 'pending');

interface Placed {
  readonly cell: Cell;
  readonly id: string;
  readonly packageId: string;
}

/** A record in each of these states, in one transaction. */
async function place(states: readonly Cell[]): Promise<Placed[]> {
  const placed = states.map((cell) => {
    count += 1;
    const packageId = idOf('A', count);
    return { cell, packageId, importId: idOf('B', count), id: `${packageId}:${idOf('B', count)}` };
  });
  await insertRows(
    environment.platform,
    placed.map(({ cell, packageId }) => aPackageRow({ id: packageId, status: cell.pkg })),
    placed.map(({ cell, packageId, importId }) => {
      const requests = { import_request_status: cell.request, undo_request_status: cell.undo };
      const undoFile = { undo_path: undoPath(packageId, importId), undo_size: 1 };
      return anImportRow({ id: importId, package_id: packageId, status: cell.status, ...requests, ...undoFile });
    }),
  );
  return placed;
}

const FIELDS: Readonly<Record<string, keyof Cell>> = {
  'packageInfo.status': 'pkg',
  'importInfo.importRequestStatus': 'request',
  'importInfo.status': 'status',
  'importInfo.undoRequestStatus': 'undo',
};

/** The sentence of spec/api.md 1.12, with a field that stands in the way and the value that it has. */
function saysWhy(message: string, cell: Cell): boolean {
  const [, field = '', value] = /^Cannot do current operation for now when `([\w.]+)` is '(\w+)'\./.exec(message) ?? [];
  const state = FIELDS[field];
  return state !== undefined && cell[state] === value;
}

const send = (id: string, { body, call: [method, path] = ['PATCH', ''] }: Row): Promise<Answer> =>
  environment.call(method, `/migrations/${id}${path}`, { body, project: TUTORIAL });

describe.each(ROWS)('$name', (row) => {
  it('is done in the states that allow it and in no other', async () => {
    const wrong: unknown[] = [];
    for (const { cell, id } of await place(row.sets === 'undo' ? cells : unasked)) {
      const before = await read(environment, id);
      const { status, body } = await send(id, row);
      const isRepeated = row.sets !== undefined && cell[row.sets] === row.to;
      const expected = isRepeated || row.allowed(cell);
      const isRefused = status === 400 && body.code === 'ERR006' && saysWhy(body.message, cell);
      if (expected ? status >= 300 : !isRefused) wrong.push({ cell, status, body });
      const after = await read(environment, id);
      const isUnchanged = JSON.stringify(after) === JSON.stringify(before);
      if (isUnchanged !== (isRepeated || !expected)) wrong.push({ cell, after });
    }
    expect(wrong).toEqual([]);
  });
});

describe('delete', () => {
  it('is done unless a job is at work', async () => {
    for (const { cell, packageId } of await place(unasked)) {
      const { status, body } = await environment.call('DELETE', `/migrations?packageId=${packageId}`);
      const isRunning = cell.pkg === 'creating' || cell.status === 'importing' || cell.status === 'undoing';
      expect({ cell, status, code: body.code }).toEqual({
        cell,
        status: isRunning ? 400 : 204,
        code: isRunning ? 'ERR006' : undefined,
      });
      if (isRunning) expect([cell, saysWhy(body.message, cell)]).toEqual([cell, true]);
    }
  });
});

describe('import', () => {
  it.each([...IMPORT, null])('over an import that is %s', async (status) => {
    const target = await world.start(`target-${status}`);
    const source = await world.start(`source-${status}`);
    const body = await approved(source, target.id);
    const [packageId = '', importId = ''] = body.id.split(':');
    if (status !== null) {
      await insertRows(
        target.platform,
        [aPackageRow({ id: packageId, status: 'locked', replicated: 1 })],
        [anImportRow({ id: importId, package_id: packageId, status, import_request_status: 'approved' })],
      );
    }
    const answer = await put(target, body);
    const allowed = status === null || ['pending', 'import_failed', 'undo_success'].includes(status);
    expect(answer.status).toBe(allowed ? 201 : 400);
    if (!allowed) {
      expect(answer.body.message).toBe(
        `Cannot do current operation for now when \`importInfo.status\` is '${status}'.`,
      );
    }
  });
});
