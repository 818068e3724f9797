import { setTimeout as delay } from 'node:timers/promises';
import type { PostgresServer } from '../builders/postgres-server.ts';
import type { PlannedFault } from './fault-plan.ts';
import type { Node } from './processes.ts';
import type { WorkerNetwork } from './worker-network.ts';

/** What faults happen to. The networks are those of the workers, in their order. */
export interface Victims {
  readonly servers: readonly Node[];
  readonly workers: readonly Node[];
  readonly networks: readonly WorkerNetwork[];
  readonly postgres: Pick<PostgresServer, 'kill' | 'start'>;
}

/** Does what is planned, and counts it. */
export class Faults {
  /** How often each kind has happened. */
  readonly counts: Record<string, number> = {};
  readonly #victims: Victims;
  readonly #draw: () => number;
  readonly #signal: AbortSignal;
  /** Networks that are cut, and after how many further faults each is mended. */
  readonly #cuts = new Map<WorkerNetwork, number>();

  /** @param signal ends what is happening; what was killed may not have been started again then */
  constructor(victims: Victims, draw: () => number, signal: AbortSignal) {
    this.#victims = victims;
    this.#draw = draw;
    this.#signal = signal;
  }

  async happen(fault: PlannedFault): Promise<void> {
    for (const [network, rounds] of this.#cuts) {
      if (rounds > 1) this.#cuts.set(network, rounds - 1);
      else this.#mend(network);
    }
    await this.#do(fault);
    this.counts[fault.kind] = (this.counts[fault.kind] ?? 0) + 1;
  }

  /** Mends every network. */
  mend(): void {
    for (const network of this.#cuts.keys()) this.#mend(network);
  }

  async #do(fault: PlannedFault): Promise<void> {
    const { servers, workers, networks, postgres } = this.#victims;
    switch (fault.kind) {
      case 'database killed':
        await postgres.kill();
        await this.#pause(500 + this.#draw() * 1500);
        return postgres.start();
      case 'server killed':
        return this.#restart(at(servers, fault.which));
      case 'worker killed':
        return this.#restart(at(workers, fault.which));
      case 'worker cut off':
      case 'worker cut off silently': {
        const network = at(networks, fault.which);
        network.cut(fault.kind === 'worker cut off' ? 'broken' : 'silent');
        this.#cuts.set(network, fault.rounds);
      }
    }
  }

  #mend(network: WorkerNetwork): void {
    network.mend();
    this.#cuts.delete(network);
  }

  async #restart(node: Node): Promise<void> {
    await node.kill();
    await this.#pause(this.#draw() * 1000);
    await node.start(this.#signal);
  }

  #pause(ms: number): Promise<void> {
    return delay(ms, undefined, { signal: this.#signal });
  }
}

function at<T>(list: readonly T[], index: number): T {
  const found = list[index];
  if (found === undefined) throw new Error(`There is no victim ${index}.`);
  return found;
}
