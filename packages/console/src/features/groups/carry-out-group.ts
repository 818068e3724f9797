import type { Connection } from '../../environments/index.ts';
import { sidesOf, type GroupAction, type GroupScene } from './model/group-row.ts';

/** An edit is a dialog's. */
type Simple = Exclude<GroupAction, 'edit'>;

/** Carries out an action on a whole group. */
export async function carryOutGroup(action: Simple, scene: GroupScene): Promise<void> {
  await ACTIONS[action](scene);
}

type Requested = 'pending' | 'requested' | 'approved' | 'rejected';

const request =
  (importRequestStatus: Requested) =>
  async ({ row, source }: GroupScene): Promise<void> => {
    await groupsOf(source).patch(row.id, { importRequestStatus });
  };

const certify =
  (status: 'certified' | 'uncertified') =>
  ({ row, source }: GroupScene): Promise<void> =>
    groupsOf(source).certify(row.id, { status });

async function undo({ row, target }: GroupScene): Promise<void> {
  const { moved } = sidesOf(row);
  const groups = groupsOf(target);
  if (moved.group.undoRequestStatus !== 'requested') await groups.patch(row.id, { undoRequestStatus: 'requested' });
  await groups.patch(row.id, { undoRequestStatus: 'approved' });
}

const packageGroupId = (id: string): string => id.split(':')[0] ?? id;

const ACTIONS: Readonly<Record<Simple, (scene: GroupScene) => Promise<void>>> = {
  request: request('requested'),
  withdraw: request('pending'),
  approve: request('approved'),
  reject: request('rejected'),
  async import({ row, source, target }) {
    // The client carries the record to the target, as with a single migration.
    await groupsOf(target).import(await groupsOf(source).get(row.id, { show: 'all' }));
  },
  async requestUndo({ row, target }) {
    await groupsOf(target).patch(row.id, { undoRequestStatus: 'requested' });
  },
  async rejectUndo({ row, target }) {
    await groupsOf(target).patch(row.id, { undoRequestStatus: 'rejected' });
  },
  undo,
  certify: certify('certified'),
  decertify: certify('uncertified'),
  deleteSource: ({ row, source }) => groupsOf(source).delete(packageGroupId(row.id)),
  deleteTarget: ({ row, target }) => groupsOf(target).delete(packageGroupId(row.id)),
};

function groupsOf(connection: Connection | null) {
  if (!connection) throw new Error('The environment is not connected. Connect it at the top left.');
  return connection.client.migrationGroups;
}
