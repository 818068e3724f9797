import type { MetadataObject } from '@longshore/domain';
import type { ObjectTable } from '../../platform/db/metadata-schema.ts';

/** An object with the hot columns under which it is or will be stored. */
export interface ModeledObject {
  readonly row: ObjectTable;
  readonly object: MetadataObject;
}

/**
 * The objects of one project as an author sees them: the stored ones, or those of a changeset over the stored ones.
 * Made from the executor of a unit of work.
 */
export interface ModelStore {
  readonly projectId: string;
  find(id: string): Promise<ModeledObject | undefined>;
  /** Another object of the same type with this name in the folder, in any letter case. */
  findNamesake(row: ObjectTable): Promise<{ readonly id: string; readonly name: string } | undefined>;
  /** Ids of objects of a type by their names; of several with one name the one with the smallest id. */
  loadIdsByName(type: number, names: readonly string[]): Promise<ReadonlyMap<string, string>>;
  /** The types of those of the ids that exist, in the project or the configuration. */
  loadTypes(ids: readonly string[]): Promise<ReadonlyMap<string, number>>;
  /** @param before the object as this store had it, null when it is new */
  put(after: MetadataObject, before: ModeledObject | null): Promise<ModeledObject>;
  remove(model: ModeledObject): Promise<void>;
}

/** Names are compared in this form. */
export const nameKey = (name: string): string => name.toLowerCase();
