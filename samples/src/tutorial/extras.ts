import { WELL_KNOWN } from '@longshore/domain';
import type { JsonObject } from '@longshore/domain';
import type { Kind } from './kinds.ts';
import { inState, link } from './project-draft.ts';
import type { Link, ProjectDraft, RowBase, Stated } from './project-draft.ts';

interface DrillMapRow extends RowBase {
  /** What can be drilled to: direction, kind and name. */
  readonly paths: readonly (readonly [direction: string, kind: Kind, name: string])[];
}

const DRILL_MAPS: readonly Stated<DrillMapRow>[] = [
  {
    name: 'Tutorial Standard Drill Map',
    paths: [
      ['up', 'hierarchy', 'Time'],
      ['down', 'hierarchy', 'Products'],
      ['across', 'hierarchy', 'Geography'],
      ['template', 'template', 'Call Center Analysis'],
    ],
    dateModified: '2022-02-14T04:29:54.000+0000',
    prod: {
      editedAt: '2011-01-24T10:42:27.000+0000',
      paths: [
        ['up', 'hierarchy', 'Time'],
        ['down', 'hierarchy', 'Products'],
      ],
    },
  },
  {
    name: 'Status Drill Map',
    paths: [
      ['across', 'attribute', 'Year'],
      ['up', 'customGroup', 'Age Groups'],
      ['down', 'consolidation', 'Customer Geography'],
      ['drill_map', 'drillMap', 'Tutorial Standard Drill Map'],
    ],
  },
];

const AUTO_STYLES = ['Finance', 'Agent', 'Ledger', 'Lines and Totals'] as const;

interface SearchRow extends RowBase {
  readonly types: readonly string[];
  readonly nameQuery?: string;
  readonly root: Link;
}

const rootFolder = (name: string): Link => link('folder', name);

const SEARCHES: readonly Stated<SearchRow>[] = [
  {
    name: 'Search for all objects',
    types: ['attribute', 'metric', 'filter', 'report_definition'],
    root: { objectId: WELL_KNOWN.publicObjects, subType: 'folder', name: 'Public Objects' },
  },
  { name: 'Search for sales metrics', types: ['metric'], root: rootFolder('Sales Metrics') },
  {
    name: 'Search for forecasts',
    types: ['metric', 'report_definition'],
    nameQuery: 'forecast',
    root: rootFolder('Metrics'),
    dateModified: '2015-05-15T15:15:15.000+0000',
    prod: { editedAt: '2019-01-01T00:00:01.000+0000', nameQuery: 'target' },
  },
  { name: 'Search for time attributes', types: ['attribute'], root: rootFolder('Time') },
];

interface ShortcutRow extends RowBase {
  readonly target: Link;
}

const SHORTCUTS: readonly Stated<ShortcutRow>[] = [
  { name: 'To Sales Overview', target: link('dashboard', 'Sales Overview') },
  { name: 'To Sales by Region', target: link('report', 'Sales by Region') },
  { name: 'To Customer Analysis', target: link('report', 'Customer Analysis') },
  { name: 'To Forecast Tracker', target: link('dashboard', 'Forecast Tracker') },
  { name: 'To the Management Book', target: link('document', 'Monthly Management Book') },
  { name: 'To Sustainability', target: link('dashboard', 'Sustainability'), only: 'dev' },
];

/** Drill maps, auto styles, saved searches and shortcuts. */
export function addExtras(draft: ProjectDraft): void {
  for (const row of inState(DRILL_MAPS, draft.state)) {
    const drillPaths = row.paths.map(([type, kind, name]) => ({
      displayName: name,
      type,
      target: link(kind, name),
      priority: 'medium',
      options: { keepParent: false, keepThresholds: false, applyUserFilter: true, applyReportFilter: true },
    }));
    draft.add('drillMap', row, { definition: { drillPaths } });
  }
  for (const [index, name] of AUTO_STYLES.entries()) {
    const header = [{ type: 'background_fill_color', value: String(3355443 * (index + 1)) }];
    const values: JsonObject[] = [{ type: 'font_name', value: index % 2 === 0 ? 'Arial' : 'Courier' }];
    draft.add('autoStyle', { name }, { definition: { format: { header, values } } });
  }
  for (const row of inState(SEARCHES, draft.state)) {
    const definition: JsonObject = {
      types: [...row.types],
      rootFolder: row.root,
      includeSubfolders: true,
      visibility: 'VISIBLE',
      ...(row.nameQuery === undefined ? {} : { nameQuery: row.nameQuery }),
    };
    draft.add('search', row, { definition });
  }
  for (const row of inState(SHORTCUTS, draft.state)) {
    draft.add('shortcut', row, { definition: { target: row.target } });
  }
}
