import type { ImportTarget, LibraryClient, Migration } from '@longshore/client';
import type { Connection } from '../../environments/index.ts';
import { importSide, packageSide } from './model/migration-row.ts';
import { runningWork, stateOf, type ActionId, type ActionScene } from './model/migration-actions.ts';

/** Where a package goes, as chosen in a dialog. */
export interface ChosenTarget {
  readonly connection: Connection;
  /** Absent for configuration packages. */
  readonly project?: { readonly id: string; readonly name: string };
  readonly undoPackage: 'generate' | 'none';
}

/** What an action may leave behind: the id of a new migration to go to. */
export interface Outcome {
  readonly migrationId?: string;
}

type SimpleAction = Exclude<ActionId, 'request' | 'validate' | 'migrate' | 'reuse' | 'edit'>;

const NOTHING: Outcome = {};

/** Carries out an action that needs no further choice. */
export async function carryOut(id: SimpleAction, scene: ActionScene): Promise<Outcome> {
  await SIMPLE_ACTIONS[id](scene);
  return NOTHING;
}

const request =
  (importRequestStatus: 'pending' | 'approved' | 'rejected') =>
  async ({ row, source }: ActionScene): Promise<void> => {
    await of(source).migrations.patch(row.id, { importInfo: { importRequestStatus } });
  };

const certify =
  (status: 'uncertified' | 'requested' | 'certified' | 'rejected') =>
  async ({ row, source, target }: ActionScene): Promise<void> => {
    await of(source).migrations.certify(row.id, { status });
    if (!row.target || !target) return;
    // The copy on the target is told who decided and when, so that both sides show the same.
    const { certification } = (await of(source).migrations.get(row.id)).packageInfo;
    if (certification) await target.client.migrations.certify(row.id, certification);
  };

const SIMPLE_ACTIONS: Readonly<Record<SimpleAction, (scene: ActionScene) => Promise<void>>> = {
  withdraw: request('pending'),
  approve: request('approved'),
  reject: request('rejected'),
  requestUndo: (scene) => patchUndo(scene, 'requested'),
  rejectUndo: (scene) => patchUndo(scene, 'rejected'),
  async undo(scene) {
    const { undoRequestStatus } = stateOf(importSide(scene.row).record);
    if (undoRequestStatus !== 'requested') await patchUndo(scene, 'requested');
    await patchUndo(scene, 'approved');
  },
  // Where it runs, the job is; the record says how it ended.
  cancel: (scene) => of(runningWork(scene) === 'create' ? scene.source : scene.target).migrations.cancel(scene.row.id),
  requestCertification: certify('requested'),
  revertCertification: certify('uncertified'),
  certify: certify('certified'),
  rejectCertification: certify('rejected'),
  decertify: certify('uncertified'),
  async downloadPackage({ row, source }) {
    const { packageInfo } = packageSide(row).record;
    await save(
      await of(source).migrations.downloadPackage(packageInfo.id),
      `${packageInfo.name ?? packageInfo.id}.mmp`,
    );
  },
  async downloadUndo({ row, target }) {
    const { packageInfo, importInfo } = importSide(row).record;
    const name = `${packageInfo.name ?? packageInfo.id} rollback.mmp`;
    await save(await of(target).migrations.downloadUndo(importInfo.id), name);
  },
  deleteSource: ({ row, source }) => of(source).migrations.deletePackage(packageSide(row).record.packageInfo.id),
  deleteTarget: ({ row, target }) => of(target).migrations.deletePackage(packageSide(row).record.packageInfo.id),
};

async function patchUndo({ row, target }: ActionScene, undoRequestStatus: 'requested' | 'approved' | 'rejected') {
  const projectId = importSide(row).record.importInfo.project?.id;
  await of(target).migrations.patch(row.id, { importInfo: { undoRequestStatus } }, { projectId });
}

/** Asks for the import; without a target that is left to the approver. */
export async function requestMigrate({ row, source }: ActionScene, chosen: ChosenTarget | null): Promise<Outcome> {
  const importInfo = { ...(chosen ? targetOf(chosen) : {}), importRequestStatus: 'requested' as const };
  await of(source).migrations.patch(row.id, { importInfo });
  return NOTHING;
}

/** The five calls of a validation (spec/api.md 2.7.7) up to the point from which the record tells how it goes. */
export async function validate({ row, source }: ActionScene, chosen: ChosenTarget): Promise<Outcome> {
  const { migrations } = of(source);
  await migrations.patch(row.id, { importInfo: targetOf(chosen) });
  const record = await migrations.get(row.id, { show: 'all' });
  await chosen.connection.client.migrations.validate(record, { projectId: chosen.project?.id });
  await migrations.patch(row.id, { validation: { status: 'validating' } });
  return NOTHING;
}

/** Takes every step that is left up to the import, and starts it: the client carries the record to the target. */
export async function migrate({ row, source }: ActionScene, chosen: ChosenTarget): Promise<Outcome> {
  const { migrations } = of(source);
  const { packageStatus, importRequestStatus } = stateOf(packageSide(row).record);
  if (packageStatus !== 'locked') {
    const isRequested = importRequestStatus === 'requested';
    const requested = isRequested ? {} : { importRequestStatus: 'requested' as const };
    await migrations.patch(row.id, { importInfo: { ...targetOf(chosen), ...requested } });
    await migrations.patch(row.id, { importInfo: { importRequestStatus: 'approved' } });
  }
  const record: Migration = await migrations.get(row.id, { show: 'all' });
  await chosen.connection.client.migrations.import(record, {
    projectId: chosen.project?.id,
    undoPackage: chosen.undoPackage,
  });
  return NOTHING;
}

/** A further import of the same package, for another target. */
export async function reuse({ row, source }: ActionScene, chosen: ChosenTarget): Promise<Outcome> {
  const { packageInfo } = packageSide(row).record;
  const { id } = await of(source).migrations.reuse(packageInfo.id, targetOf(chosen), {
    projectId: packageInfo.project?.id,
  });
  return { migrationId: id };
}

const targetOf = ({ connection, project }: ChosenTarget): ImportTarget => ({
  environment: { id: connection.environment.url, name: connection.environment.name },
  ...(project ? { project } : {}),
});

function of(connection: Connection | null): LibraryClient {
  if (!connection) throw new Error('The environment is no longer connected.');
  return connection.client;
}

/** Hands a download to the browser, which asks or decides where it is kept. */
async function save(response: Response, name: string): Promise<void> {
  const address = URL.createObjectURL(await response.blob());
  const link = document.createElement('a');
  link.href = address;
  link.download = name.replaceAll(/[\\/:*?"<>|]/g, '_');
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), REVOKE_MS);
}

const REVOKE_MS = 60_000;
