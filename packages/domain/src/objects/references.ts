import { parseObjectId } from './ids.ts';
import type { JsonObject, JsonValue, Reference } from './metadata-object.ts';
import { findObjectType, OBJECT_TYPES, SECURITY_ROLE_TYPE, typeOfNumber, USER_TYPE } from './types.ts';

/** What references are read from. */
export interface ReferencingObject {
  readonly id: string;
  readonly type: number;
  readonly definition: JsonObject;
  readonly uses: readonly Reference[];
}

/** Names that definitions use for a type besides those of the type table. */
const ALIASES: readonly (readonly [name: string, type: number])[] = [
  ['segment', 1],
  ['filter_partition', 1],
  ['report', 3],
  ['cube', 3],
  ['intelligent_cube', 3],
  ['super_cube', 3],
  ['data_model', 3],
  ['report_increment_refresh', 3],
  ['report_emma_cube_irr', 3],
  ['report_hyper_card', 3],
  ['subtotal', 4],
  ['subtotal_definition', 4],
  ['metric_agg', 7],
  ['base_formula', 7],
  ['autostyle', 6],
  ['auto_style', 6],
  ['folder_system', 8],
  ['prompt_bigdecimal', 10],
  ['function_third_party', 11],
  ['derived_attribute', 12],
  ['hierarchy', 14],
  ['column_normal', 26],
  ['column_custom', 26],
  ['datasource', 29],
  ['data_source', 29],
  ['dbrole', 29],
  ['db_role_import', 29],
  ['db_role_import_primary', 29],
  ['db_role_o_auth', 29],
  ['db_role_data_import_server', 29],
  ['db_role_cloud_element', 29],
  ['dblogin', 30],
  ['dbconnection', 31],
  ['usergroup', 34],
  ['transformation', 43],
  ['consolidation_derived', 47],
  ['physical_table', 53],
  ['dbtable', 53],
  ['db_table_source', 54],
  ['document', 55],
  ['document_def', 55],
  ['dashboard', 55],
  ['dossier', 55],
  ['document_bot', 55],
  ['drillmap', 56],
  ['dbms', 57],
  ['security_filter', 58],
  ['event', 49],
  ['schedule', 51],
];

const typeByName: ReadonlyMap<string, number> = new Map([
  ...ALIASES,
  ...OBJECT_TYPES.flatMap((type) => type.subtypes.map((subtype) => [subtype.apiName, type.number] as const)),
  ...OBJECT_TYPES.map((type) => [type.apiName, type.number] as const),
]);

/** The type that a `subType` or `type` beside an `objectId` names: a number, or a name in any case. */
function typeNamedBy(value: JsonValue | undefined): number | null {
  if (typeof value === 'string') return typeByName.get(value.toLowerCase()) ?? null;
  if (typeof value !== 'number') return null;
  return findObjectType(typeOfNumber(value))?.number ?? null;
}

/** One reference per id. A known type wins over an unknown one; of two known types the smaller, to be deterministic. */
class ReferenceSet {
  readonly #typeById = new Map<string, number | null>();

  add(id: JsonValue | undefined, type: number | null): void {
    const parsed = typeof id === 'string' ? parseObjectId(id) : undefined;
    if (parsed === undefined) return;
    const known = this.#typeById.get(parsed) ?? null;
    this.#typeById.set(parsed, known === null || (type !== null && type < known) ? type : known);
  }

  toSortedList(ownId: string): Reference[] {
    this.#typeById.delete(ownId);
    return [...this.#typeById]
      .map(([id, type]) => ({ id, type }))
      .toSorted((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0));
  }
}

const isObject = (value: JsonValue | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * Forms are parts of attributes: nothing is stored under their ids, and most of the ids are the same in every attribute.
 * An edge to one would be a dependency that no target ever has.
 */
function isAttributeForm(subType: JsonValue | undefined): boolean {
  return typeof subType === 'string' && subType.toLowerCase().startsWith('attribute_form');
}

/** Every `{"objectId": …}` at any depth. Keeps its own stack: a deep definition must not exhaust the call stack. */
function collectObjectIds(definition: JsonObject, found: ReferenceSet): void {
  const pending: JsonValue[] = [definition];
  for (let value = pending.pop(); value !== undefined; value = pending.pop()) {
    if (typeof value !== 'object' || value === null) continue;
    if (!Array.isArray(value) && 'objectId' in value && !isAttributeForm(value['subType'])) {
      found.add(value['objectId'], typeNamedBy(value['subType']) ?? typeNamedBy(value['type']));
    }
    for (const member of Object.values(value)) {
      if (typeof member === 'object' && member !== null) pending.push(member);
    }
  }
}

/** The groups of a user or group, and the security roles it has been given. */
function collectPrincipalLinks(definition: JsonObject, found: ReferenceSet): void {
  const { memberships, securityRoles } = definition;
  for (const group of Array.isArray(memberships) ? memberships : []) {
    found.add(isObject(group) ? group['id'] : group, USER_TYPE);
  }
  for (const role of Array.isArray(securityRoles) ? securityRoles : []) {
    if (isObject(role)) found.add(role['roleId'], SECURITY_ROLE_TYPE);
  }
}

/**
 * What an object uses (spec/semantics.md 1.6), sorted by id, without itself: every `objectId` in its definition, its
 * explicit `uses`, and for principals their groups and security roles. ACL trustees, owner and folder are no uses, nor
 * are the forms of attributes.
 */
export function referencesOf(object: ReferencingObject): Reference[] {
  const found = new ReferenceSet();
  collectObjectIds(object.definition, found);
  for (const use of object.uses) found.add(use.id, use.type);
  if (object.type === USER_TYPE) collectPrincipalLinks(object.definition, found);
  return found.toSortedList(object.id);
}
