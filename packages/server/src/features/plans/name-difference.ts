import type { PlanDifference } from '@longshore/contracts';
import type { ObjectDifference, PropertyChange } from '@longshore/domain';
import type { Executor } from '../../platform/db/database.ts';
import type { MetadataTables } from '../../platform/db/metadata-schema.ts';
import { BASE_LANGUAGES } from '../languages/base-languages.ts';
import { objectReader } from '../objects/objects.repository.ts';

type NamedDifference = Pick<PlanDifference, 'properties' | 'translations'> & {
  readonly acl: PlanDifference['acl']['changes'];
};

/** Puts names beside the ids of people, folders and languages, as far as the target knows them. */
export async function namedDifference(
  db: Executor<MetadataTables>,
  scope: string,
  { properties, acl, translations }: ObjectDifference,
): Promise<NamedDifference> {
  const objects = objectReader(db);
  const owners = valuesOf(properties, 'ownerId');
  const principals = await objects.loadPrincipals([...owners, ...acl.map((change) => change.trusteeId)]);
  const folders = await objects.loadRows(scope, valuesOf(properties, 'parentId'));
  const names = new Map([...principals.values(), ...folders].map((row) => [row.id, row.name]));
  return {
    properties: properties.map((change) => withNames(change, names)),
    acl: acl.map(({ trusteeId, ...change }) => ({
      trustee: named({ id: trusteeId }, names.get(trusteeId)),
      ...change,
    })),
    translations: translations.map(({ lcid, ...change }) => ({
      language: named({ lcid }, languageName(lcid)),
      ...change,
    })),
  };
}

const named = <T extends object>(ref: T, name: string | undefined): T & { name?: string } =>
  name === undefined ? ref : { ...ref, name };

const languageName = (lcid: string): string | undefined =>
  BASE_LANGUAGES.find((language) => String(language.lcid) === lcid)?.name;

function valuesOf(properties: readonly PropertyChange[], property: PropertyChange['property']): string[] {
  return properties
    .filter((change) => change.property === property)
    .flatMap((change) => [change.target, change.package])
    .filter((value) => typeof value === 'string');
}

function withNames(change: PropertyChange, names: ReadonlyMap<string, string>): NamedDifference['properties'][number] {
  if (change.property !== 'ownerId' && change.property !== 'parentId') return change;
  const nameOf = (id: PropertyChange['target']): string | undefined =>
    typeof id === 'string' ? names.get(id) : undefined;
  const [targetName, packageName] = [nameOf(change.target), nameOf(change.package)];
  return {
    ...change,
    ...(targetName === undefined ? {} : { targetName }),
    ...(packageName === undefined ? {} : { packageName }),
  };
}
