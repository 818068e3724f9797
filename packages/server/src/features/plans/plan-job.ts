import type { PlanResult, PlanSettingsView } from '@longshore/contracts';
import type { PackagePurpose, PackageType } from '@longshore/domain';
import type { StorePlace } from '../../platform/files/store-place.ts';
import type { ImportOrder, NamedRef } from '../migrations/migration-jobs.ts';

/** What a plan is about, as it is kept with it. */
export interface PlanSubject {
  /** The process that was asked for it: several may share the database. */
  readonly node: string;
  readonly creator: NamedRef;
  readonly package: {
    readonly id: string;
    readonly name: string;
    readonly type: PackageType;
    readonly purpose: PackagePurpose;
    readonly size: number;
    readonly path: string;
  };
  /** Target project; null for configuration packages. */
  readonly project: NamedRef | null;
  /** The project that the package was built from; null for configuration packages. */
  readonly sourceProjectId: string | null;
  readonly settings: PlanSettingsView;
}

/** An import that is planned and never carried out. */
export interface PlanJob {
  readonly planId: string;
  readonly order: ImportOrder;
}

/** How often the scopes that a plan looked at had been written by then. */
export type ScopeRevisions = Readonly<Record<string, number>>;

/** What the worker gives back; the objects and the issues are in the database by then. */
export interface MadePlan extends PlanResult {
  readonly scope: string;
  readonly revisions: ScopeRevisions;
}

/** How the making of a plan ended; a failure's message is for the plan. */
export type PlanOutcome =
  | { readonly kind: 'planned'; readonly plan: MadePlan }
  | { readonly kind: 'failed'; readonly message: string };

/** A job with what may change between two jobs. */
export interface PlanOrder {
  readonly job: PlanJob;
  readonly environment: NamedRef;
  /** Where the shared file store is. */
  readonly storage: StorePlace;
}

/** What the thread is started with. */
export interface PlanWorkerData {
  /** Where the two databases are; see `openConnection`. */
  readonly metadataLocation: string;
  readonly libraryLocation: string;
  readonly instanceId: string;
}
