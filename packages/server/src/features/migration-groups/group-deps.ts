import type { MigrationDeps } from '../migrations/migration-deps.ts';
import type { GroupChains } from './group-chains.service.ts';

export interface GroupOptions {
  /** How many packages a group may have. */
  readonly maxGroupMembers: number;
}

/** What the use cases on groups are made from. */
export interface GroupDeps extends Omit<MigrationDeps, 'runner'> {
  readonly chains: GroupChains;
  readonly groupOptions: GroupOptions;
}

export const DEFAULT_MAX_GROUP_MEMBERS = 100;
