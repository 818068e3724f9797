import { parseStorePath } from '../../packages/server/src/platform/files/store-path.ts';
import { TUTORIAL, type Answer, type AnswerBody, type TestEnvironment } from './migration-environment.ts';

export const YEAR = '8D679D5111D3E4981000E787EC6DE8A4';

/** Parts of a body that a test sets or overrides; wrong ones as well. */
export type Part = Readonly<Record<string, unknown>>;

/** As much of a body as the builders look at. */
export interface RecordBody {
  readonly id: string;
  readonly packageInfo: Part;
  readonly importInfo?: unknown;
}

/** The create body of the seed, with changes. */
export function createBody(target: string, packageInfo: Part = {}, importInfo?: Part) {
  return {
    packageInfo: {
      type: 'project',
      name: 'ProjectMigration_success',
      environment: { id: 'https://source/MicroStrategyLibrary/', name: 'source' },
      tocView: {
        settings: {
          updateSchema: ['recal_table_logical_size'],
          aclOnReplacingObjects: 'replace',
          aclOnNewObjects: ['inherit_acl_as_dest_folder'],
          defaultAction: 'replace',
        },
        content: [{ id: YEAR, name: 'Year', type: 12, action: 'replace', includeDependents: true }],
      },
      treeView: {},
      ...packageInfo,
    },
    importInfo: importInfo ?? {
      environment: { id: target, name: 'target' },
      project: { id: TUTORIAL, name: 'MicroStrategy Tutorial' },
    },
  };
}

export const CONFIGURATION_CONTENT = {
  type: 'configuration',
  tocView: {
    settings: { defaultAction: 'replace' },
    content: [{ id: 'C1E1419F11D603A2100086B3A5E8F8A4', name: 'Developers', type: 34, action: 'replace' }],
  },
};

export async function expectStatus(answer: Promise<Answer>, status: number): Promise<AnswerBody> {
  const { status: actual, body } = await answer;
  if (actual !== status) throw new Error(`Expected ${status}, got ${actual}: ${JSON.stringify(body)}`);
  return body;
}

/** Creates a package on the source and finishes it; the migration's id. */
export async function created(source: TestEnvironment, target: string, packageInfo: Part = {}): Promise<string> {
  const project = packageInfo['type'] === 'configuration' ? {} : { project: TUTORIAL };
  const body = createBody(
    target,
    packageInfo,
    packageInfo['type'] === 'configuration' ? { environment: { id: target } } : undefined,
  );
  const { id } = await expectStatus(source.call('POST', '/migrations', { body, ...project }), 201);
  await source.runner.finishCreation();
  return id;
}

export function moveImport(environment: TestEnvironment, id: string, status: string): Promise<Answer> {
  return environment.call('PATCH', `/migrations/${id}`, { body: { importInfo: { importRequestStatus: status } } });
}

export function moveUndo(environment: TestEnvironment, id: string, status: string, project?: string): Promise<Answer> {
  const body = { importInfo: { undoRequestStatus: status } };
  return environment.call('PATCH', `/migrations/${id}`, { body, ...(project === undefined ? {} : { project }) });
}

/** Creates, requests and approves; the body for the PUT on the target. */
export async function approved(source: TestEnvironment, target: string, packageInfo: Part = {}): Promise<AnswerBody> {
  const id = await created(source, target, packageInfo);
  await expectStatus(moveImport(source, id, 'requested'), 200);
  await expectStatus(moveImport(source, id, 'approved'), 200);
  const body = await expectStatus(source.call('GET', `/migrations/${id}?showContent=all`), 200);
  return { ...body, packageInfo: { ...body.packageInfo, replicated: true } };
}

export function put(target: TestEnvironment, body: RecordBody, query = ''): Promise<Answer> {
  const project = body.packageInfo['type'] === 'configuration' ? {} : { project: TUTORIAL };
  return target.call('PUT', `/migrations/${body.id}${query}`, { body, ...project });
}

/** A whole migration up to `imported`; its id. */
export async function imported(
  source: TestEnvironment,
  target: TestEnvironment,
  packageInfo: Part = {},
): Promise<string> {
  const body = await approved(source, target.id, packageInfo);
  await expectStatus(put(target, body), 201);
  await target.runner.finishImport();
  return body.id;
}

/** Size of the package file of a record in the store; null when it is not there. */
export async function storedSize(environment: TestEnvironment, record: AnswerBody): Promise<number | null> {
  const found = await environment.files.stat(parseStorePath(record.packageInfo.storage.path ?? ''));
  return found?.size ?? null;
}

/** The whole record as GET shows it. */
export function read(environment: TestEnvironment, id: string, query = ''): Promise<AnswerBody> {
  return expectStatus(environment.call('GET', `/migrations/${id}${query}`), 200);
}
