import { findObjectType } from '@longshore/domain';

/** One collection of `/api/model/…`: which objects it holds and where new ones go. */
export interface ModelResource {
  /** Path segment; lists stand under this name as well. */
  readonly path: string;
  /** As in operation ids and messages, e.g. `Attribute`. */
  readonly noun: string;
  readonly type: number;
  /** Subtypes that belong here; the first is that of an object whose body names none. */
  readonly subtypes: readonly number[];
  /** True where nothing can be guessed: the body has to name the subtype. */
  readonly needsSubtype: boolean;
  /** Number of the predefined folder for objects whose body names none. */
  readonly folder: number;
  /** What a list shows of its objects; absent where the ecosystem has no list. */
  readonly list?: 'information' | 'reference';
  /** Where the ecosystem deletes here; everything is also deleted with `DELETE /api/objects/{id}`. */
  readonly isDeletable?: true;
}

interface Place {
  readonly type: number;
  readonly subtypes?: readonly number[];
  readonly folder: number;
}

function resource(path: string, noun: string, place: Place): ModelResource {
  const subtypes = place.subtypes ?? findObjectType(place.type)?.subtypes.map((subtype) => subtype.number) ?? [];
  return { path, noun, type: place.type, subtypes, needsSubtype: false, folder: place.folder };
}

const METRICS = 5;
const REPORTS = 7;

/** Everything in projects that the ecosystem models through `/api/model/…` (spec/api.md 2.14, spec/semantics.md 1.3). */
export const MODEL_RESOURCES: readonly ModelResource[] = [
  resource('attributes', 'Attribute', { type: 12, folder: 26 }),
  resource('facts', 'Fact', { type: 13, folder: 29 }),
  { ...resource('tables', 'Table', { type: 15, folder: 35 }), list: 'information' },
  {
    ...resource('hierarchies', 'Hierarchy', { type: 14, subtypes: [3585, 3586, 3587], folder: 31 }),
    list: 'reference',
    isDeletable: true,
  },
  resource('transformations', 'Transformation', { type: 43, folder: 38 }),
  resource('metrics', 'Metric', { type: 4, subtypes: [1024, 1027, 1028], folder: METRICS }),
  resource('subtotals', 'Subtotal', { type: 4, subtypes: [1025, 1026], folder: 34 }),
  resource('formulas', 'Formula', { type: 7, folder: METRICS }),
  resource('filters', 'Filter', { type: 1, subtypes: [256, 260], folder: 4 }),
  resource('customGroups', 'CustomGroup', { type: 1, subtypes: [257], folder: 3 }),
  resource('securityFilters', 'SecurityFilter', { type: 58, folder: 4 }),
  { ...resource('prompts', 'Prompt', { type: 10, folder: 6 }), needsSubtype: true },
  resource('consolidations', 'Consolidation', { type: 47, folder: 2 }),
  resource('derivedElements', 'DerivedElement', { type: 48, folder: 2 }),
  resource('drillMaps', 'DrillMap', { type: 56, folder: 1 }),
  resource('reports', 'Report', { type: 3, subtypes: [768, 769, 770, 771, 773, 774, 775], folder: REPORTS }),
  resource('cubes', 'Cube', { type: 3, subtypes: [776, 779], folder: REPORTS }),
  resource('datamarts', 'Datamart', { type: 3, subtypes: [772], folder: REPORTS }),
  resource('incrementalRefresh', 'IncrementalRefresh', { type: 3, subtypes: [777, 780], folder: REPORTS }),
  resource('transactionReports', 'TransactionReport', { type: 3, subtypes: [778], folder: REPORTS }),
];

/** What an author creates along with a table. */
export const PHYSICAL_TABLE = { type: 53, subtype: 13568, subTypeName: 'physical_table', folder: 36 } as const;
export const COLUMN = { type: 26, subtype: 6656, subTypeName: 'column', folder: 27 } as const;

export const TABLE_TYPE = 15;
export const ATTRIBUTE_TYPE = 12;
export const FACT_TYPE = 13;

/** Names that clients use for subtypes besides those of the type table. */
const SUBTYPE_ALIASES: Readonly<Record<string, number>> = {
  attribute_form: 5376,
  prompt_bigdecimal: 2571,
  physical_table: 13568,
  report_increment_refresh: 777,
  report_emma_cube_irr: 780,
  report_hyper_card: 781,
  consolidation_derived: 12288,
  hierarchy: 3585,
  transformation: 11009,
  security_filter: 14848,
};

/** The subtype of a type that a name means. */
export function findSubtype(type: number, name: string): number | undefined {
  const wanted = name.toLowerCase();
  const known = findObjectType(type)?.subtypes;
  const named = known?.find((subtype) => subtype.apiName === wanted)?.number;
  if (named !== undefined) return named;
  const alias = SUBTYPE_ALIASES[wanted];
  return known?.some((subtype) => subtype.number === alias) ? alias : undefined;
}

/** How definitions name a subtype. */
export function subtypeName(type: number, subtype: number): string {
  if (type === PHYSICAL_TABLE.type && subtype === PHYSICAL_TABLE.subtype) return PHYSICAL_TABLE.subTypeName;
  const known = findObjectType(type);
  return known?.subtypes.find((row) => row.number === subtype)?.apiName ?? known?.apiName ?? String(subtype);
}
