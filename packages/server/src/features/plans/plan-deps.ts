import type { MigrationOptions, PackageInspector } from '../migrations/migration-deps.ts';
import type { FileStore } from '../../platform/files/file-store.ts';
import type { Platform } from '../../platform/platform.ts';
import type { PlanKeeper } from './plan-keeper.service.ts';
import type { PlanRunner } from './plan-runner.ts';

/** What the use cases on plans are made from. */
export interface PlanDeps {
  /** Names this process; the same after a restart. */
  readonly node: string;
  readonly platform: Platform;
  readonly files: FileStore;
  readonly inspector: PackageInspector;
  readonly runner: PlanRunner;
  readonly keeper: PlanKeeper;
  readonly options: Pick<MigrationOptions, 'nameClash'>;
}
