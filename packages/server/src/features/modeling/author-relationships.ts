import { AppError } from '@longshore/contracts';
import { parseObjectId, type JsonObject, type JsonValue } from '@longshore/domain';
import type { ModelAuthor } from './model-author.ts';
import { isJsonObject, requireShallow } from './model-definition.ts';
import { ATTRIBUTE_TYPE } from './model-resources.ts';
import type { ModeledObject } from './model-store.ts';

/** The relationships of an attribute with its parents and children, as its definition holds them. */
export function relationshipsIn({ object }: ModeledObject): JsonObject[] {
  const { relationships } = object.definition;
  return Array.isArray(relationships) ? relationships.filter(isJsonObject) : [];
}

/**
 * Puts relationships in the place of all that an attribute has. Each stands in the definitions of all attributes that
 * take part, so those change as well.
 */
export async function writeRelationships(
  author: ModelAuthor,
  attribute: ModeledObject,
  relationships: readonly JsonObject[],
): Promise<ModeledObject> {
  requireShallow([...relationships]);
  const { id } = attribute.object;
  for (const [index, relationship] of relationships.entries()) requireMember(relationship, id, index);
  const before = relationshipsIn(attribute);
  const others = new Set([...before, ...relationships].flatMap(membersOf));
  others.delete(id);
  for (const other of others) await writeOther(author, { id, other, relationships });
  return author.update(attribute, { definition: { relationships: [...relationships] } });
}

interface OtherSide {
  readonly id: string;
  readonly other: string;
  readonly relationships: readonly JsonObject[];
}

async function writeOther(author: ModelAuthor, { id, other, relationships }: OtherSide): Promise<void> {
  const found = await author.store.find(other);
  // An attribute that is not there is told by the check of references, with its path.
  if (found?.row.type !== ATTRIBUTE_TYPE) return;
  const kept = relationshipsIn(found).filter((relationship) => !membersOf(relationship).includes(id));
  const shared = relationships.filter((relationship) => membersOf(relationship).includes(other));
  await author.update(found, { definition: { relationships: [...kept, ...shared] } });
}

/** The attributes of a relationship: parent, child, or several children that are one together. */
function membersOf({ parent, child, jointChild }: JsonObject): string[] {
  const members: (JsonValue | undefined)[] = [parent, child, ...(Array.isArray(jointChild) ? jointChild : [])];
  return members.flatMap((member) => {
    const id =
      isJsonObject(member) && typeof member['objectId'] === 'string' ? parseObjectId(member['objectId']) : undefined;
    return id === undefined ? [] : [id];
  });
}

function requireMember(relationship: JsonObject, id: string, index: number): void {
  const members = membersOf(relationship);
  if (members.length >= 2 && members.includes(id)) return;
  throw new AppError(
    'invalid',
    `Invalid value: relationships[${index}] must name a parent and a child or jointChild by objectId, of which one is the attribute ${id}.`,
  );
}
