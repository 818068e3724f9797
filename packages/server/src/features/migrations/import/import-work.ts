import type { PackageManifest } from '@longshore/contracts';
import type { Issue } from '@longshore/domain';
import type { Executor } from '../../../platform/db/database.ts';
import type { MetadataTables } from '../../../platform/db/metadata-schema.ts';
import type { ImportOrder } from '../migration-jobs.ts';

/** What is known of an import before its transaction begins. */
export interface ImportWorkInput {
  readonly order: ImportOrder;
  readonly manifest: PackageManifest;
  /** Stages what is not yet staged of the entries that will be written, once they are decided. */
  completeStaging(tx: Executor<MetadataTables>): Promise<void>;
  /** Share of the planning that is done, 0 to 1. */
  onProgress(share: number): void;
}

/** How the objects of one kind of package are planned and written. All that is around it is the same for every kind. */
export interface ImportWork {
  /** Where the package writes. */
  readonly scope: string;
  /**
   * Decides every staged object against the target as the transaction sees it, and checks the target as it would be.
   * `now` is the wire date of the import. The decisions stand in `temp.decision` afterwards; nothing of the target has been touched.
   */
  plan(tx: Executor<MetadataTables>, now: string): Promise<PlannedImport>;
}

export interface PlannedImport {
  readonly issues: readonly Issue[];
  /** What else is to be told, in sentences. */
  readonly notes: readonly string[];
  /** Entries whose effective rule is keep_both; any of them means that there will be no undo package. */
  readonly undoSuppressedBy: number;
  /** The project whose schema the import will update; null when it updates none. */
  readonly schemaProjectId: string | null;
  /** Carries out the decisions, in the transaction that they were made in. */
  apply(): Promise<void>;
}
