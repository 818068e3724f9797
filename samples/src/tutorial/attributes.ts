import type { JsonObject } from '@longshore/domain';
import { ATTRIBUTES } from './attribute-rows.ts';
import type { AttributeRow } from './attribute-rows.ts';
import { columnName, expression } from './expression.ts';
import { FORM_IDS } from './known-ids.ts';
import { inState, link, links } from './project-draft.ts';
import type { ProjectDraft, State } from './project-draft.ts';
import { stableId } from './stable-values.ts';
import { dataTypeOf, tablesWith } from './warehouse.ts';

interface FormSource {
  readonly name: string;
  readonly category: string;
  readonly columns: readonly string[];
  readonly displayFormat: string;
}

export const formId = (attribute: string, form: string): string =>
  FORM_IDS[form] ?? stableId(`form/${attribute}/${form}`);

const FORMAT_BY_TYPE: Readonly<Record<string, string>> = { integer: 'number', date: 'date', n_var_char: 'text' };

const formatOf = (column: string): string =>
  column === 'EMAIL' ? 'email' : (FORMAT_BY_TYPE[dataTypeOf(column).type] ?? 'number');

function sourcesOf(row: AttributeRow): FormSource[] {
  const others = Object.entries(row.otherForms ?? {});
  const [firstId = ''] = row.ids;
  return [
    { name: 'ID', category: 'ID', columns: row.ids, displayFormat: row.format ?? formatOf(firstId) },
    ...(row.desc === undefined
      ? []
      : [{ name: 'DESC', category: 'DESC', columns: [row.desc], displayFormat: formatOf(row.desc) }]),
    ...others.map(([name, column]) => ({
      name,
      category: name in FORM_IDS ? name : 'None',
      columns: [column],
      displayFormat: formatOf(column),
    })),
  ];
}

/** An ID form maps to every table that has its column; the other forms are read from the lookup table alone. */
function tablesOf(state: State, row: AttributeRow, form: FormSource, column: string): string[] {
  const tables = tablesWith(state, [column]);
  return form.category === 'ID' ? tables : tables.filter((name) => name === row.lookup);
}

function formOf(state: State, row: AttributeRow, form: FormSource): JsonObject {
  const [first = ''] = form.columns;
  const expressions = form.columns.map((column) => ({
    expressionId: stableId(`expression/${row.name}/${form.name}/${column}`),
    expression: expression(`[${column}]`, columnName),
    tables: links('table', tablesOf(state, row, form, column)),
  }));
  return {
    id: formId(row.name, form.name),
    name: form.name,
    description: `${row.name} ${form.name}`,
    category: form.category,
    type: form.name in FORM_IDS ? 'system' : 'custom',
    displayFormat: form.displayFormat,
    dataType: dataTypeOf(first),
    expressions: expressions.filter((entry) => entry.tables.length > 0),
    alias: first,
    lookupTable: link('table', row.lookup),
  };
}

/** The relationships of an attribute, in both directions: with its parents and with its children. */
function relationshipsOf(row: AttributeRow, all: readonly AttributeRow[]): JsonObject[] {
  const present = new Set(all.map((other) => other.name));
  return all.flatMap((parent) =>
    Object.entries(parent.children ?? {})
      .filter(([child]) => present.has(child) && (parent.name === row.name || child === row.name))
      .map(([child, table]) => ({
        parent: link('attribute', parent.name),
        child: link('attribute', child),
        relationshipTable: link('table', table),
        relationshipType: table.startsWith('REL_') ? 'many_to_many' : 'one_to_many',
      })),
  );
}

function definitionOf(state: State, row: AttributeRow, all: readonly AttributeRow[]): JsonObject {
  const sources = sourcesOf(row);
  const shown = sources.filter((form) => form.name !== 'ID' && form.columns.every((name) => !name.includes('ITUDE')));
  const displays = (shown.length > 0 ? shown : sources.slice(0, 1)).map((form) => ({
    id: formId(row.name, form.name),
    name: form.name,
  }));
  const keyForm = { id: formId(row.name, 'ID'), name: 'ID' };
  return {
    forms: sources.map((form) => formOf(state, row, form)),
    attributeLookupTable: link('table', row.lookup),
    keyForm,
    displays: { reportDisplays: displays, browseDisplays: displays },
    sorts: row.sort === undefined ? {} : { reportSorts: [{ form: keyForm, type: row.sort }] },
    relationships: relationshipsOf(row, all),
  };
}

/** The attributes of time, geography, products, customers and orders. */
export function addAttributes(draft: ProjectDraft): void {
  const rows = inState(ATTRIBUTES, draft.state);
  for (const row of rows) draft.add('attribute', row, { definition: definitionOf(draft.state, row, rows) });
}

/** The names of the attributes that exist in a state, and the parent-child pairs among them. */
export function attributeGraph(state: State): { names: string[]; pairs: { parent: string; child: string }[] } {
  const names = inState(ATTRIBUTES, state).map((row) => row.name);
  const pairs = inState(ATTRIBUTES, state).flatMap((row) =>
    Object.keys(row.children ?? {})
      .filter((child) => names.includes(child))
      .map((child) => ({ parent: row.name, child })),
  );
  return { names, pairs };
}
