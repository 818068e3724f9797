/**
 * The kinds of objects in the Tutorial project: type number, subtype number and the name that the modeling API gives the
 * subtype (spec/semantics.md 1.3). `modeled` kinds carry an `information` block in their definition.
 */
interface KindFacts {
  readonly type: number;
  readonly subtype: number;
  readonly subType: string;
  readonly level: 'project' | 'configuration';
  readonly modeled: boolean;
}

const project = (type: number, subtype: number, subType: string): KindFacts => ({
  type,
  subtype,
  subType,
  level: 'project',
  modeled: true,
});

const configuration = (type: number, subtype: number, subType: string): KindFacts => ({
  type,
  subtype,
  subType,
  level: 'configuration',
  modeled: false,
});

const KIND_TABLE = {
  folder: { ...project(8, 2048, 'folder'), modeled: false },
  column: project(26, 6656, 'column'),
  physicalTable: project(53, 13568, 'physical_table'),
  table: project(15, 3840, 'logical_table'),
  function: project(11, 2816, 'function'),
  attribute: project(12, 3072, 'attribute'),
  fact: project(13, 3328, 'fact'),
  systemHierarchy: project(14, 3584, 'dimension_system'),
  hierarchy: project(14, 3585, 'dimension_user'),
  drillHierarchy: project(14, 3587, 'dimension_user_hierarchy'),
  transformation: project(43, 11009, 'role_transformation'),
  baseFormula: project(7, 1792, 'agg_metric'),
  metric: project(4, 1024, 'metric'),
  subtotal: project(4, 1025, 'metric_subtotal'),
  systemSubtotal: project(4, 1026, 'system_subtotal'),
  filter: project(1, 256, 'filter'),
  customGroup: project(1, 257, 'custom_group'),
  consolidation: project(47, 12032, 'consolidation'),
  consolidationElement: project(48, 12288, 'consolidation_element'),
  promptBoolean: project(10, 2561, 'prompt_boolean'),
  promptLong: project(10, 2562, 'prompt_long'),
  promptString: project(10, 2563, 'prompt_string'),
  promptDouble: project(10, 2564, 'prompt_double'),
  promptDate: project(10, 2565, 'prompt_date'),
  promptObjects: project(10, 2566, 'prompt_objects'),
  promptElements: project(10, 2567, 'prompt_elements'),
  promptExpression: project(10, 2568, 'prompt_expression'),
  promptLevel: project(10, 2570, 'prompt_dimty'),
  securityFilter: project(58, 14848, 'md_security_filter'),
  template: project(2, 512, 'template'),
  report: project(3, 768, 'report_grid'),
  graphReport: project(3, 769, 'report_graph'),
  gridGraphReport: project(3, 774, 'report_grid_and_graph'),
  cube: project(3, 776, 'report_cube'),
  document: { ...project(55, 14080, 'document_definition'), modeled: false },
  dashboard: { ...project(55, 14081, 'report_writing_document'), modeled: false },
  theme: { ...project(55, 14082, 'document_theme'), modeled: false },
  shortcut: { ...project(18, 4608, 'shortcut_type'), modeled: false },
  search: { ...project(39, 9984, 'search'), modeled: false },
  drillMap: project(56, 14336, 'drill_map'),
  autoStyle: { ...project(6, 1536, 'style'), modeled: false },
  user: configuration(34, 8704, 'user'),
  userGroup: configuration(34, 8705, 'user_group'),
  securityRole: configuration(44, 11264, 'security_role'),
  dataSource: configuration(29, 7424, 'db_role'),
  connection: configuration(31, 7936, 'db_connection'),
  login: configuration(30, 7680, 'db_login'),
  locale: configuration(45, 11520, 'locale'),
  event: configuration(49, 12544, 'schedule_event'),
  schedule: configuration(51, 13056, 'schedule_trigger'),
  device: configuration(9, 2304, 'device'),
  transmitter: configuration(35, 8960, 'transmitter'),
} as const satisfies Record<string, KindFacts>;

export type Kind = keyof typeof KIND_TABLE;

/** The same table with the types widened, so that every kind can be looked up alike. */
export const KINDS: Readonly<Record<Kind, KindFacts>> = KIND_TABLE;
