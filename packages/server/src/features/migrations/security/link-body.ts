import { canonicalJson, LINK_FIELDS, type JsonObject, type JsonValue, type ProjectLinks } from '@longshore/domain';

/**
 * What stands in the place of a definition in a project security package (docs/package-format.md): the links of one
 * user or group with the source project, and the names of what they lead to, for messages.
 */
export interface LinkBody {
  readonly links: ProjectLinks;
  readonly names: Readonly<Record<string, string>>;
}

export function linkBodyText({ links, names }: LinkBody): string {
  const fields: JsonObject = { ...names };
  return canonicalJson({ ...toJson(links), names: fields });
}

function toJson(links: ProjectLinks): JsonObject {
  return Object.fromEntries(Object.entries(links).map(([field, list]): [string, JsonValue] => [field, [...list]]));
}

/** Reads the text; undefined when it is none, or holds links with another project. */
export function parseLinkBody(text: string, projectId: string): LinkBody | undefined {
  const value = JSON.parse(text) as JsonValue;
  if (!isObject(value)) return undefined;
  const links: Record<string, readonly JsonObject[]> = {};
  for (const field of LINK_FIELDS) {
    const list = value[field] ?? [];
    if (!Array.isArray(list) || !list.every(isObject)) return undefined;
    if (list.some((link) => link['projectId'] !== projectId)) return undefined;
    if (list.length > 0) links[field] = list;
  }
  return { links, names: namesOf(value['names']) };
}

function namesOf(value: JsonValue | undefined): Readonly<Record<string, string>> {
  if (!isObject(value)) return {};
  return Object.fromEntries(
    Object.entries(value).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
}

const isObject = (value: JsonValue | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
