import { createHash } from 'node:crypto';
import { text } from 'node:stream/consumers';
import type { CreateMigrationBody, LibraryClient, Migration } from '@longshore/client';
import { FailedError } from '../exit-codes.ts';
import { STAGES } from '../migrate/journey.ts';
import { bytesText, counted } from '../output/results.ts';
import { compareDumps, describeChanges } from './compare-dumps.ts';
import type { DemoPrinter } from './demo-printer.ts';

/** What the demonstration runs against. */
export interface DemoStage {
  readonly dev: LibraryClient;
  readonly prod: LibraryClient;
  readonly passwords: { readonly dev: string; readonly prod: string };
  readonly printer: DemoPrinter;
  readonly signal: AbortSignal;
}

const TUTORIAL = 'B19DEDCC11D4E0EFC000EB9495D0F44F';
const YEAR = '8D679D5111D3E4981000E787EC6DE8A4';

/** The walk of the seed, step by step: create, approve, carry over, import, look, undo, look again, delete. */
export async function runDemo(stage: DemoStage): Promise<void> {
  await logIn(stage);
  const id = await createPackage(stage);
  await approve(stage, id);
  const record = await readRecord(stage, id);
  const before = await dumpTarget(stage, 'Write down what is on prod before the import');
  await importRecord(stage, record);
  await showChanges(stage, record, before);
  await undo(stage, id);
  await compareWithBefore(stage, before);
  await deletePackages(stage, record);
}

async function logIn({ dev, prod, passwords, printer }: DemoStage): Promise<void> {
  await printer.step('Log in to both environments', async () => {
    await dev.login({ kind: 'password', username: 'Administrator', password: passwords.dev });
    await prod.login({ kind: 'password', username: 'Administrator', password: passwords.prod });
    return ['a session token from each; every call carries it'];
  });
}

async function createPackage(stage: DemoStage): Promise<string> {
  const { dev, prod, printer, signal } = stage;
  let id = '';
  await printer.step('Create a package of Year and everything that it needs', async () => {
    const short = await dev.migrations.create(yearPackage(dev, prod), { projectId: TUTORIAL });
    id = short.id;
    return [`migration ${id}`, `package ${short.packageInfo.status}, import ${short.importInfo.status}`];
  });
  await printer.step('Poll until the package is created', async () => {
    const { packageInfo } = await dev.migrations.waitFor(id, STAGES.create.isResting, { signal });
    expect(packageInfo.status, 'created', packageInfo.message);
    const { size = 0, path = '' } = packageInfo.storage ?? {};
    return [`package created, ${bytesText(size)} in the shared store at ${path}`];
  });
  return id;
}

function yearPackage(dev: LibraryClient, prod: LibraryClient): CreateMigrationBody {
  return {
    packageInfo: {
      type: 'project',
      name: 'ProjectMigration_success',
      environment: { id: dev.libraryUrl, name: 'dev' },
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
    },
    importInfo: {
      environment: { id: prod.libraryUrl, name: 'prod' },
      project: { id: TUTORIAL, name: 'MicroStrategy Tutorial' },
    },
  };
}

async function approve({ dev, printer }: DemoStage, id: string): Promise<void> {
  for (const importRequestStatus of ['requested', 'approved'] as const) {
    const title = importRequestStatus === 'requested' ? 'Request the import' : 'Approve the import';
    await printer.step(title, async () => {
      const { packageInfo, importInfo } = await dev.migrations.patch(id, { importInfo: { importRequestStatus } });
      expect(packageInfo.status, importRequestStatus === 'approved' ? 'locked' : 'created');
      return [`import request ${importInfo.importRequestStatus ?? ''}, package ${packageInfo.status}`];
    });
  }
}

async function readRecord({ dev, printer }: DemoStage, id: string): Promise<Migration> {
  let record: Migration | undefined;
  await printer.step('Read the whole record on dev', async () => {
    record = await dev.migrations.get(id, { show: 'all' });
    const content = record.packageInfo.tocView?.content ?? [];
    const explicit = content.filter((entry) => entry.explicitIncluded === true).map((entry) => entry.name);
    return [`${counted(content.length, 'object')} in the package: ${explicit.join(', ')} and what it needs`];
  });
  if (!record) throw new FailedError(`The record ${id} could not be read.`);
  return record;
}

async function importRecord({ prod, printer, signal }: DemoStage, record: Migration): Promise<void> {
  await printer.step('Import on prod: PUT the record with replicated set to true', async () => {
    const { importInfo } = await prod.migrations.import(record, { projectId: TUTORIAL, undoPackage: 'generate' });
    return [`import ${importInfo.status}, request ${importInfo.importRequestStatus ?? ''}`];
  });
  await printer.step('Poll until it is imported', async () => {
    const { importInfo } = await prod.migrations.waitFor(record.id, STAGES.import.isResting, { signal });
    expect(importInfo.status, 'imported', importInfo.message);
    const { size = 0, path = '' } = importInfo.undoStorage ?? {};
    const lines = [`imported; the undo package has ${bytesText(size)}, ${path}`];
    return importInfo.message ? [...lines, importInfo.message] : lines;
  });
}

async function dumpTarget({ prod, printer, signal }: DemoStage, title: string): Promise<string> {
  let dump = '';
  await printer.step(title, async () => {
    dump = await text(await prod.metadata.dump({ projectId: TUTORIAL, signal }));
    return [`${counted(dump.split('\n').length - 1, 'line')}, sha256 ${sha256(dump)}`];
  });
  return dump;
}

async function showChanges({ prod, printer, signal }: DemoStage, record: Migration, before: string): Promise<void> {
  await printer.step('See what the import changed on prod', async () => {
    const after = await text(await prod.metadata.dump({ projectId: TUTORIAL, signal }));
    const changes = compareDumps(before, after, record.packageInfo.tocView?.content ?? []);
    if (changes.every(({ kind }) => kind === 'unchanged')) throw new FailedError('The import changed nothing on prod.');
    return [...describeChanges(changes), `sha256 ${sha256(after)}`];
  });
}

async function undo({ prod, printer, signal }: DemoStage, id: string): Promise<void> {
  await printer.step('Request the undo', async () => {
    const { importInfo } = await prod.migrations.patch(id, { importInfo: { undoRequestStatus: 'requested' } });
    return [`undo request ${importInfo.undoRequestStatus ?? ''}, import ${importInfo.status}`];
  });
  await printer.step('Approve the undo', async () => {
    const approved = { importInfo: { undoRequestStatus: 'approved' } } as const;
    const { importInfo } = await prod.migrations.patch(id, approved, { projectId: TUTORIAL });
    return [`undo request ${importInfo.undoRequestStatus ?? ''}, import ${importInfo.status}`];
  });
  await printer.step('Poll until it is undone', async () => {
    const { importInfo } = await prod.migrations.waitFor(id, STAGES.undo.isResting, { signal });
    expect(importInfo.status, 'undo_success', importInfo.message);
    return ['undo_success'];
  });
}

async function compareWithBefore(stage: DemoStage, before: string): Promise<void> {
  const after = await dumpTarget(stage, 'Write down what is on prod now');
  if (after !== before) throw new FailedError('After the undo prod is not what it was before the import.');
  stage.printer.line('    the same bytes as before the import');
}

async function deletePackages({ dev, prod, printer }: DemoStage, { id, packageInfo }: Migration): Promise<void> {
  await printer.step('Delete the package, on the source and on the target', async () => {
    await dev.migrations.deletePackage(packageInfo.id);
    await prod.migrations.deletePackage(packageInfo.id);
    return ['gone from both lists'];
  });
  await printer.step('Look for it once more, and log out', async () => {
    for (const client of [dev, prod]) {
      const { data } = await client.migrations.list();
      if (data.some((record) => record.id === id))
        throw new FailedError(`${id} is still listed on ${client.libraryUrl}.`);
      await client.logout();
    }
    return ['no migration is listed on either side'];
  });
}

function expect(status: string, wanted: string, message = ''): void {
  if (status === wanted) return;
  throw new FailedError(`Expected ${wanted}, but it is ${status}${message === '' ? '.' : `: ${message}`}`);
}

const sha256 = (content: string): string => createHash('sha256').update(content).digest('hex');
