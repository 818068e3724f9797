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
  /** The folder in which objects stand whose row names none. */
  readonly home?: string;
}

const project = (type: number, subtype: number, subType: string, home?: string): KindFacts => ({
  type,
  subtype,
  subType,
  level: 'project',
  modeled: true,
  ...(home === undefined ? {} : { home }),
});

const configuration = (type: number, subtype: number, subType: string, home: string): KindFacts => ({
  type,
  subtype,
  subType,
  level: 'configuration',
  modeled: false,
  home,
});

const KIND_TABLE = {
  folder: { ...project(8, 2048, 'folder'), modeled: false },
  column: project(26, 6656, 'column', 'Columns'),
  physicalTable: project(53, 13568, 'physical_table', 'Warehouse Tables'),
  table: project(15, 3840, 'logical_table'),
  function: project(11, 2816, 'function'),
  attribute: project(12, 3072, 'attribute'),
  fact: project(13, 3328, 'fact', 'Facts'),
  systemHierarchy: project(14, 3584, 'dimension_system', 'Hierarchies'),
  hierarchy: project(14, 3585, 'dimension_user', 'Hierarchies'),
  drillHierarchy: project(14, 3587, 'dimension_user_hierarchy', 'Hierarchies'),
  transformation: project(43, 11009, 'role_transformation', 'Transformations'),
  baseFormula: project(7, 1792, 'agg_metric', 'Base Formulas'),
  metric: project(4, 1024, 'metric'),
  subtotal: project(4, 1025, 'metric_subtotal', 'Subtotals'),
  systemSubtotal: project(4, 1026, 'system_subtotal', 'Subtotals'),
  filter: project(1, 256, 'filter'),
  customGroup: project(1, 257, 'custom_group', 'Custom Groups'),
  consolidation: project(47, 12032, 'consolidation', 'Consolidations'),
  consolidationElement: project(48, 12288, 'consolidation_element', 'Consolidations'),
  promptBoolean: project(10, 2561, 'prompt_boolean'),
  promptLong: project(10, 2562, 'prompt_long'),
  promptString: project(10, 2563, 'prompt_string'),
  promptDouble: project(10, 2564, 'prompt_double'),
  promptDate: project(10, 2565, 'prompt_date'),
  promptObjects: project(10, 2566, 'prompt_objects'),
  promptElements: project(10, 2567, 'prompt_elements'),
  promptExpression: project(10, 2568, 'prompt_expression'),
  promptLevel: project(10, 2570, 'prompt_dimty'),
  securityFilter: project(58, 14848, 'md_security_filter', 'Security Filters'),
  template: project(2, 512, 'template', 'Templates'),
  report: project(3, 768, 'report_grid'),
  graphReport: project(3, 769, 'report_graph'),
  gridGraphReport: project(3, 774, 'report_grid_and_graph'),
  cube: project(3, 776, 'report_cube', 'Intelligent Cubes'),
  document: { ...project(55, 14080, 'document_definition'), modeled: false },
  dashboard: { ...project(55, 14081, 'report_writing_document'), modeled: false },
  theme: { ...project(55, 14082, 'document_theme', 'Drilling and Styles'), modeled: false },
  shortcut: { ...project(18, 4608, 'shortcut_type', 'My Starting Points'), modeled: false },
  search: { ...project(39, 9984, 'search', 'Searches'), modeled: false },
  drillMap: project(56, 14336, 'drill_map', 'Drilling and Styles'),
  autoStyle: { ...project(6, 1536, 'style', 'Drilling and Styles'), modeled: false },
  user: configuration(34, 8704, 'user', 'Users'),
  userGroup: configuration(34, 8705, 'user_group', 'User Groups'),
  securityRole: configuration(44, 11264, 'security_role', 'Security Roles'),
  dataSource: configuration(29, 7424, 'db_role', 'Data Sources'),
  connection: configuration(31, 7936, 'db_connection', 'Database Connections'),
  login: configuration(30, 7680, 'db_login', 'Database Logins'),
  locale: configuration(45, 11520, 'locale', 'Languages'),
  event: configuration(49, 12544, 'schedule_event', 'Events'),
  schedule: configuration(51, 13056, 'schedule_trigger', 'Schedule Triggers'),
  device: configuration(9, 2304, 'device', 'Devices'),
  transmitter: configuration(35, 8960, 'transmitter', 'Transmitters'),
} as const satisfies Record<string, KindFacts>;

export type Kind = keyof typeof KIND_TABLE;

/** The same table with the types widened, so that every kind can be looked up alike. */
export const KINDS: Readonly<Record<Kind, KindFacts>> = KIND_TABLE;
