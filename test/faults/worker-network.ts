import { aTcpProxy, type TcpProxy } from '../builders/tcp-proxy.ts';
import type { Deployment } from './processes.ts';

/** How a worker is cut off: every connection breaks and no new one comes about, or neither side hears of it. */
export type Cut = 'broken' | 'silent';

/** Where a deployment keeps its things, on loopback. */
export interface Places {
  readonly databasePort: number;
  readonly storagePort: number;
}

/** The network of one worker: the way to its database and the way to its file store are cut together, as those of a machine. */
export class WorkerNetwork {
  readonly #database: TcpProxy;
  readonly #storage: TcpProxy;
  readonly #places: Places;

  private constructor(places: Places, database: TcpProxy, storage: TcpProxy) {
    this.#places = places;
    this.#database = database;
    this.#storage = storage;
  }

  static async open(places: Places): Promise<WorkerNetwork> {
    return new WorkerNetwork(places, await aTcpProxy(places.databasePort), await aTcpProxy(places.storagePort));
  }

  /** The same deployment, as it is seen through this network. */
  through(deployment: Deployment): Deployment {
    const database = new URL(deployment.database);
    database.port = String(this.#database.port);
    const to = `:${this.#storage.port}`;
    const storage = deployment.storage.map((part) => part.replace(`:${this.#places.storagePort}`, to));
    return { ...deployment, database: database.href, storage };
  }

  cut(how: Cut): void {
    for (const proxy of [this.#database, this.#storage]) {
      if (how === 'silent') proxy.freeze();
      else proxy.cut();
    }
  }

  mend(): void {
    this.#database.mend();
    this.#storage.mend();
  }

  async close(): Promise<void> {
    await this.#database.close();
    await this.#storage.close();
  }
}
