import {
  defaultSubtype,
  findObjectType,
  JsonTooDeepError,
  SECURITY_ROLE_TYPE,
  USER_SUBTYPE,
  USER_TYPE,
  WELL_KNOWN,
  type AclEntry,
  type JsonObject,
  type JsonValue,
  type MetadataObject,
  type ObjectType,
  type Reference,
} from '@longshore/domain';
import { derivedId } from '../../platform/ids.ts';
import { toObjectRecord, type ObjectRecord } from '../objects/object-rows.ts';
import { checkPrincipal } from './check-principal.ts';
import { FieldError, Fields, isJsonObject, isSubtypeOf } from './line-fields.ts';

/** A line of the load format (design/architecture.md 5), checked, with its defaults filled in. */
export type LoadLine = LoadedProject | LoadedObject;

export interface LoadedProject {
  readonly kind: 'project';
  readonly id: string;
  readonly name: string;
  /** Absent: empty in a new project, unchanged in one that is there. */
  readonly description: string | undefined;
}

export interface LoadedObject {
  readonly kind: 'object';
  readonly record: ObjectRecord;
  /** True when the line has no `acl`: the object inherits from its folder once everything is loaded. */
  readonly inheritsAcl: boolean;
  /** A user's password, never part of the stored definition. */
  readonly password: string | undefined;
}

export interface LoadDefaults {
  /** Wire date that stands in for absent dates. */
  readonly date: string;
  readonly ownerId: string;
}

const PROJECT_FIELDS: ReadonlySet<string> = new Set(['kind', 'id', 'name', 'description']);
const OBJECT_FIELDS: ReadonlySet<string> = new Set([
  'kind',
  'projectId',
  'id',
  'type',
  'subtype',
  'name',
  'description',
  'abbreviation',
  'parentId',
  'ownerId',
  'version',
  'dateCreated',
  'dateModified',
  'hidden',
  'acl',
  'definition',
  'uses',
  'translations',
]);
const ACL_FIELDS: ReadonlySet<string> = new Set(['trusteeId', 'rights', 'deny', 'inheritable']);
const USES_FIELDS: ReadonlySet<string> = new Set(['id', 'type']);
const PROJECT_TYPE = 32;
const MAX_PASSWORD = 1024;

/**
 * Reads one line. The same line always gives the same object, its version included.
 * @throws FieldError naming the field that is wrong
 */
export function parseLoadLine(line: string, defaults: LoadDefaults): LoadLine {
  const value = parseJson(line);
  if (!isJsonObject(value)) throw new FieldError('line', 'must be a JSON object');
  if (value['kind'] === 'object') return parseObject(value, line, defaults);
  if (value['kind'] === 'project') return parseProject(new Fields(value, PROJECT_FIELDS));
  throw new FieldError('kind', 'must be "project" or "object"');
}

function parseJson(line: string): JsonValue {
  try {
    return JSON.parse(line) as JsonValue;
  } catch (error) {
    throw new FieldError('line', `is not JSON: ${error instanceof Error ? error.message : 'unreadable'}`);
  }
}

function parseProject(fields: Fields): LoadedProject {
  return {
    kind: 'project',
    id: fields.id('id') ?? fields.refuse('id', 'is missing'),
    name: fields.name('name') ?? fields.refuse('name', 'is missing'),
    description: fields.text('description'),
  };
}

function parseObject(value: JsonObject, line: string, defaults: LoadDefaults): LoadedObject {
  const fields = new Fields(value, OBJECT_FIELDS);
  const identity = parseIdentity(fields);
  const { definition, password } = parseDefinition(fields, identity);
  const acl = parseAcl(fields);
  const ownerId = fields.id('ownerId') ?? defaults.ownerId;
  const object: MetadataObject = {
    ...identity,
    name: fields.name('name') ?? fields.refuse('name', 'is missing'),
    description: fields.text('description') ?? '',
    abbreviation: fields.text('abbreviation') ?? loginOf(identity, definition),
    parentId: parseParent(fields, identity),
    ownerId,
    version: fields.id('version') ?? derivedId(line),
    dateCreated: fields.date('dateCreated') ?? defaults.date,
    dateModified: fields.date('dateModified') ?? defaults.date,
    hidden: fields.boolean('hidden') ?? false,
    acl: acl ?? [],
    definition,
    uses: parseUses(fields),
    translations: fields.object('translations') ?? {},
  };
  return { kind: 'object', record: toRecord(object), inheritsAcl: acl === undefined, password };
}

function toRecord(object: MetadataObject): ObjectRecord {
  try {
    return toObjectRecord(object);
  } catch (error) {
    if (error instanceof JsonTooDeepError) throw new FieldError('definition', `is too deep. ${error.message}`);
    throw error;
  }
}

type Identity = Pick<MetadataObject, 'projectId' | 'id' | 'type' | 'subtype'>;

function parseIdentity(fields: Fields): Identity {
  const type = fields.integer('type') ?? fields.refuse('type', 'is missing');
  const known = findObjectType(type);
  if (known === undefined) return fields.refuse('type', `${type} is not a type of object`);
  if (type === PROJECT_TYPE) return fields.refuse('type', 'must not be 32: a project is a line of kind "project"');
  const subtype = fields.integer('subtype') ?? defaultSubtype(type);
  if (!isSubtypeOf(type, subtype)) return fields.refuse('subtype', `${subtype} is not a subtype of type ${type}`);
  const id = fields.id('id') ?? fields.refuse('id', 'is missing');
  return { projectId: parseProjectId(fields, known), id, type, subtype };
}

function parseProjectId(fields: Fields, type: ObjectType): string | null {
  const isAbsent = !fields.has('projectId');
  if (isAbsent && type.level !== 'configuration') return fields.refuse('projectId', 'is missing');
  const projectId = isAbsent || fields.isNull('projectId') ? null : (fields.id('projectId') ?? null);
  if (projectId === null && type.level === 'project') {
    return fields.refuse('projectId', `must not be null: objects of type ${type.number} live in a project`);
  }
  if (projectId !== null && type.level === 'configuration') {
    return fields.refuse('projectId', `must be null: objects of type ${type.number} live in the configuration`);
  }
  return projectId;
}

/** Project objects without a folder lie in the root; the root itself and configuration objects need none. */
function parseParent(fields: Fields, { projectId, id }: Identity): string | null {
  const parentId = fields.isNull('parentId') ? undefined : fields.id('parentId');
  const isRoot = projectId !== null && id === WELL_KNOWN.projectRoot;
  if (isRoot && parentId !== undefined) return fields.refuse('parentId', "must be null: this is the project's root");
  if (parentId !== undefined && parentId === id) return fields.refuse('parentId', 'must not be the object itself');
  return parentId ?? (projectId === null || isRoot ? null : WELL_KNOWN.projectRoot);
}

function parseDefinition(
  fields: Fields,
  { type, subtype }: Identity,
): { definition: JsonObject; password: string | undefined } {
  const definition = fields.object('definition') ?? {};
  if (type === USER_TYPE || type === SECURITY_ROLE_TYPE) checkPrincipal(definition);
  if (type !== USER_TYPE || definition['password'] === undefined) return { definition, password: undefined };
  const { password, ...rest } = definition;
  const isPassword = typeof password === 'string' && password !== '' && password.length <= MAX_PASSWORD;
  if (subtype !== USER_SUBTYPE || !isPassword) {
    throw new FieldError('definition.password', `must be a text of 1 to ${MAX_PASSWORD} characters, of a user`);
  }
  return { definition: rest, password };
}

function loginOf({ type, subtype }: Identity, definition: JsonObject): string {
  const username = definition['username'];
  return type === USER_TYPE && subtype === USER_SUBTYPE && typeof username === 'string' ? username : '';
}

function parseAcl(fields: Fields): AclEntry[] | undefined {
  return fields.list('acl', ACL_FIELDS)?.map((entry) => {
    const rights = entry.integer('rights') ?? entry.refuse('rights', 'is missing');
    if (rights > 255) entry.refuse('rights', 'must be between 0 and 255');
    return {
      trusteeId: entry.id('trusteeId') ?? entry.refuse('trusteeId', 'is missing'),
      rights,
      deny: entry.boolean('deny') ?? false,
      inheritable: entry.boolean('inheritable') ?? false,
    };
  });
}

function parseUses(fields: Fields): Reference[] {
  const uses = fields.list('uses', USES_FIELDS) ?? [];
  return uses.map((use) => ({
    id: use.id('id') ?? use.refuse('id', 'is missing'),
    type: use.isNull('type') ? null : (use.integer('type') ?? null),
  }));
}
