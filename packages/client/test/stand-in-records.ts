import type { Migration } from '../src/index.ts';

/** How the migrations of a stand-in go. */
export interface Script {
  /** Reads of a running record before it rests. */
  readonly polls: number;
  readonly createFails?: string;
  readonly importFails?: string;
  readonly undoFails?: string;
  /** Runs for ever: a create, import or undo that never rests. */
  readonly stuck?: 'create' | 'import' | 'undo';
}

export interface Refusal {
  readonly status: number;
  readonly code: string;
  readonly message: string;
}

export class Refused extends Error {
  readonly refusal: Refusal;

  constructor(status: number, code: string, message: string) {
    super(message);
    this.refusal = { status, code, message };
  }
}

type Json = Record<string, unknown>;
interface StoredRecord {
  id: string;
  packageInfo: Json;
  importInfo: Json;
  readsLeft: number;
}

/** The part of the state machines (spec/api.md 3) that a client meets. */
export function createRecords(script: Script) {
  const records = new Map<string, StoredRecord>();
  let made = 0;
  const nextId = (): string => (++made).toString(16).toUpperCase().padStart(32, 'A');
  const keep = (packageInfo: Json, importInfo: Json, readsLeft: number): Migration => {
    const id = `${String(packageInfo['id'])}:${String(importInfo['id'])}`;
    const record = { id, packageInfo, importInfo, readsLeft };
    records.set(id, record);
    return short(record);
  };
  const find = (id: string): StoredRecord => {
    const record = records.get(id);
    if (!record) throw new Refused(404, 'ERR004', `The migration with id ${id} is not found.`);
    return record;
  };
  const ofPackage = (packageId: string): StoredRecord[] => {
    const found = [...records.values()].filter((record) => record.packageInfo['id'] === packageId);
    if (found.length === 0) throw new Refused(404, 'ERR006', `The package ${packageId} is not found.`);
    return found;
  };
  return {
    list: (): Migration[] => [...records.values()].map(full),
    create: (body: Json): Migration =>
      keep(
        freshPackage(nextId(), body['packageInfo'] as Json),
        freshImport(nextId(), body['importInfo']),
        script.polls,
      ),
    reuse(packageId: string, body: Json): Migration {
      const known = ofPackage(packageId)[0]?.packageInfo ?? {};
      const approval = known['status'] === 'locked' ? { importRequestStatus: 'approved' } : {};
      return keep(known, { ...freshImport(nextId(), body['importInfo']), ...approval }, 0);
    },
    read(id: string): Migration {
      const record = find(id);
      advance(record, script);
      return full(record);
    },
    put(id: string, body: Json): Migration {
      const packageInfo = body['packageInfo'] as Json;
      if (packageInfo['replicated'] !== true) throw new Refused(400, 'ERR006', 'packageInfo.replicated must be true.');
      const fresh = freshImport(id.split(':')[1] ?? '', body['importInfo']);
      return keep(packageInfo, { ...fresh, status: 'importing', importRequestStatus: 'approved' }, script.polls);
    },
    patch(id: string, body: Json): Migration {
      const record = find(id);
      const change = (body['importInfo'] ?? {}) as Json;
      patchImportRequest(record, change);
      patchUndoRequest(record, change, script);
      return short(record);
    },
    delete(packageId: string): void {
      for (const { id } of ofPackage(packageId)) records.delete(id);
    },
  };
}

export type Records = ReturnType<typeof createRecords>;

const freshPackage = (id: string, asked: Json): Json => ({
  ...asked,
  id,
  status: 'creating',
  progress: 0,
  replicated: false,
});

function freshImport(id: string, asked: unknown): Json {
  return {
    ...(asked as Json),
    id,
    status: 'pending',
    progress: 0,
    importRequestStatus: 'pending',
    undoRequestStatus: 'pending',
    undoStorage: {},
    message: '',
  };
}

function patchImportRequest(record: StoredRecord, change: Json): void {
  const wanted = change['importRequestStatus'];
  if (wanted === undefined) return;
  if (wanted === 'approved' && record.importInfo['importRequestStatus'] !== 'requested') {
    throw new Refused(
      400,
      'ERR006',
      "Cannot do current operation for now when `importInfo.importRequestStatus` is 'pending'.",
    );
  }
  if (record.packageInfo['status'] !== 'created') {
    throw new Refused(400, 'ERR006', "Cannot do current operation for now when `packageInfo.status` is 'locked'.");
  }
  record.importInfo['importRequestStatus'] = wanted;
  if (wanted === 'approved') record.packageInfo['status'] = 'locked';
}

function patchUndoRequest(record: StoredRecord, change: Json, script: Script): void {
  const wanted = change['undoRequestStatus'];
  if (wanted === undefined) return;
  record.importInfo['undoRequestStatus'] = wanted;
  if (wanted !== 'approved') return;
  record.importInfo['status'] = 'undoing';
  record.readsLeft = script.polls;
}

/** Each read brings a running record one step on. */
function advance(record: StoredRecord, script: Script): void {
  const running = record.packageInfo['status'] === 'creating' ? 'create' : runningImport(record);
  if (!running) return;
  const info = running === 'create' ? record.packageInfo : record.importInfo;
  if (script.stuck === running || record.readsLeft > 0) {
    record.readsLeft -= 1;
    if (running !== 'undo') info['progress'] = Math.min(99, Number(info['progress']) + 40);
    return;
  }
  const [failure, good, bad] = {
    create: [script.createFails, 'created', 'create_failed'] as const,
    import: [script.importFails, 'imported', 'import_failed'] as const,
    undo: [script.undoFails, 'undo_success', 'undo_failed'] as const,
  }[running];
  info['status'] = failure === undefined ? good : bad;
  info['message'] = failure ?? '';
  info['progress'] = 100;
  if (running === 'create')
    record.packageInfo['storage'] = { size: 2048, path: 'mstr/shared/migrations/packages/p.mmp' };
  if (running === 'import' && failure === undefined) record.importInfo['undoStorage'] = { size: 205, path: 'u.mmp' };
}

function runningImport(record: StoredRecord): 'import' | 'undo' | null {
  if (record.importInfo['status'] === 'importing') return 'import';
  return record.importInfo['status'] === 'undoing' ? 'undo' : null;
}

const full = (record: StoredRecord): Migration =>
  structuredClone({
    id: record.id,
    packageInfo: record.packageInfo,
    importInfo: record.importInfo,
  }) as unknown as Migration;

function short(record: StoredRecord): Migration {
  const { id, packageInfo, importInfo } = full(record);
  return {
    id,
    packageInfo: { id: packageInfo.id, status: packageInfo.status, progress: packageInfo.progress },
    importInfo: {
      id: importInfo.id,
      status: importInfo.status,
      progress: importInfo.progress,
      importRequestStatus: importInfo.importRequestStatus ?? 'pending',
      undoRequestStatus: importInfo.undoRequestStatus ?? 'pending',
    },
  };
}
