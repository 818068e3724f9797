import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { S3Store } from '../../packages/server/src/platform/files/s3/s3-store.ts';
import { startPostgres, type PostgresServer } from '../builders/postgres-server.ts';
import { aS3Server, S3_KEYS, S3_REGION } from '../builders/s3-server.ts';
import { freePort } from '../crash/killable-server.ts';
import { Balanced, Node, PASSWORD, type Deployment } from './processes.ts';
import { WorkerNetwork } from './worker-network.ts';

/** Two servers and two workers on one PostgreSQL and one S3, each worker behind a network of its own. */
export interface FaultEnvironment {
  readonly postgres: PostgresServer;
  readonly store: S3Store;
  readonly servers: readonly Node[];
  readonly workers: readonly Node[];
  /** Those of the workers, in their order. */
  readonly networks: readonly WorkerNetwork[];
  /** Logged in as Administrator. */
  readonly api: Balanced;
}

/**
 * @param closing gets every process and folder as soon as it is there, so that a start that fails leaves nothing either
 * @param signal gives the start up, and ends every call of the API
 */
export async function startEnvironment(closing: AsyncDisposableStack, signal: AbortSignal): Promise<FaultEnvironment> {
  const postgres = await startPostgres();
  closing.defer(() => postgres.close());
  const s3 = closing.use(await aS3Server());
  const folder = await mkdtemp(join(tmpdir(), 'longshore-faults-'));
  closing.defer(() => rm(folder, { recursive: true, force: true }));
  const place = await s3.place('faults', 'longshore');
  const deployment: Deployment = {
    folder,
    database: `${postgres.address}?schema=faults`,
    storage: ['--storage', `s3://${place.bucket}/longshore`, '--s3-endpoint', s3.endpoint, '--s3-region', S3_REGION],
    env: { AWS_ACCESS_KEY_ID: S3_KEYS.accessKeyId, AWS_SECRET_ACCESS_KEY: S3_KEYS.secretAccessKey },
  };
  const ports = [await freePort(), await freePort()];
  const servers = ports.map((port, index) => {
    const own = ['--port', String(port), '--workers', '0', '--admin-password', PASSWORD, '--sample', 'tutorial'];
    return new Node(`server-${index}`, ['serve', ...own], deployment);
  });
  const places = { databasePort: Number(new URL(postgres.address).port), storagePort: s3.port };
  const networks = [await aNetwork(closing, places), await aNetwork(closing, places)];
  const workers = networks.map(
    (network, index) => new Node(`worker-${index}`, ['worker'], network.through(deployment)),
  );
  for (const node of [...servers, ...workers]) {
    // Not asked to stop: one that hangs is ended too. The test itself sees that they stop when they are asked to.
    closing.defer(() => node.kill());
    await node.start(signal);
  }
  const api = new Balanced(ports, signal);
  await api.login();
  return { postgres, store: new S3Store({ place, instanceId: 'test' }), servers, workers, networks, api };
}

async function aNetwork(
  closing: AsyncDisposableStack,
  places: Parameters<typeof WorkerNetwork.open>[0],
): Promise<WorkerNetwork> {
  const network = await WorkerNetwork.open(places);
  closing.defer(async () => {
    network.mend();
    await network.close();
  });
  return network;
}
