import type { JsonObject, JsonValue } from '@longshore/domain';
import { isJsonObject } from './model-definition.ts';

/** Forms that every attribute may have, under the ids that the ecosystem knows them by. */
const SYSTEM_FORMS: Readonly<Record<string, string>> = {
  ID: '45C11FA478E745FEA08D781CEA190FE5',
  DESC: 'CCFBE2A5EADB4F50941FB879CCF1721C',
};

type NewId = () => string;

const objectsIn = (value: JsonValue | undefined): JsonObject[] =>
  Array.isArray(value) ? value.filter(isJsonObject) : [];

/** Gives expressions that are new an id; clients change single expressions by it. */
export function completeExpressions(definition: JsonObject, newId: NewId): JsonObject {
  const { expressions } = definition;
  if (!Array.isArray(expressions)) return definition;
  return {
    ...definition,
    expressions: expressions.map((entry) =>
      isJsonObject(entry) && entry['expressionId'] === undefined ? { expressionId: newId(), ...entry } : entry,
    ),
  };
}

/**
 * Gives the forms of an attribute ids and lets key form, displays and sorts, which a client may name by form, say the
 * id as well. A form that the attribute has already keeps its id.
 * @param before the attribute's definition so far
 */
export function completeForms(definition: JsonObject, before: JsonObject, newId: NewId): JsonObject {
  if (!Array.isArray(definition['forms'])) return withFormIds(definition, formIdsOf(before));
  const known = formIdsOf(before);
  const forms = definition['forms'].map((form) => (isJsonObject(form) ? completeForm(form, known, newId) : form));
  return withFormIds({ ...definition, forms }, formIdsOf({ forms }));
}

function completeForm(form: JsonObject, known: ReadonlyMap<string, string>, newId: NewId): JsonObject {
  const completed = completeExpressions(form, newId);
  if (typeof form['id'] === 'string') return completed;
  const name = typeof form['name'] === 'string' ? form['name'] : '';
  const system = form['category'] === name ? SYSTEM_FORMS[name] : undefined;
  return { id: known.get(name) ?? system ?? newId(), ...completed };
}

/** Ids of forms by their names. */
function formIdsOf({ forms }: JsonObject): ReadonlyMap<string, string> {
  const ids = new Map<string, string>();
  for (const { id, name } of objectsIn(forms)) {
    if (typeof id === 'string' && typeof name === 'string') ids.set(name, id);
  }
  return ids;
}

function withFormIds(definition: JsonObject, ids: ReadonlyMap<string, string>): JsonObject {
  const { keyForm, displays, sorts } = definition;
  return {
    ...definition,
    ...(isJsonObject(keyForm) ? { keyForm: withFormId(keyForm, ids) } : {}),
    ...(isJsonObject(displays) ? { displays: mapLists(displays, (form) => withFormId(form, ids)) } : {}),
    ...(isJsonObject(sorts) ? { sorts: mapLists(sorts, (sort) => withSortedFormId(sort, ids)) } : {}),
  };
}

function withFormId(form: JsonObject, ids: ReadonlyMap<string, string>): JsonObject {
  const { id, name } = form;
  const found = typeof name === 'string' && id === undefined ? ids.get(name) : undefined;
  return found === undefined ? form : { id: found, ...form };
}

const withSortedFormId = (sort: JsonObject, ids: ReadonlyMap<string, string>): JsonObject =>
  isJsonObject(sort['form']) ? { ...sort, form: withFormId(sort['form'], ids) } : sort;

/** Every object in the lists of an object, changed. */
function mapLists(lists: JsonObject, change: (member: JsonObject) => JsonObject): JsonObject {
  const changed = (value: JsonValue): JsonValue =>
    Array.isArray(value) ? value.map((member) => (isJsonObject(member) ? change(member) : member)) : value;
  return Object.fromEntries(Object.entries(lists).map(([name, value]) => [name, changed(value)]));
}
