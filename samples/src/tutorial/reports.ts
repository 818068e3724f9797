import type { JsonObject } from '@longshore/domain';
import { inState, link, links } from './project-draft.ts';
import type { Link, ProjectDraft } from './project-draft.ts';
import { qualification } from './qualification.ts';
import { CUBES, REPORTS, TEMPLATES } from './report-rows.ts';
import type { ReportRow } from './report-rows.ts';

const listOf = (text: string | undefined): string[] => (text === undefined || text === '' ? [] : text.split(', '));

/** `group:Age Groups`, `consolidation:Customer Geography`, or the name of an attribute. */
function unitOf(text: string): Link {
  const [prefix = '', name] = text.split(':');
  if (name === undefined) return link('attribute', prefix);
  return link(prefix === 'group' ? 'customGroup' : 'consolidation', name);
}

/** A cube has a comma in its name ("Year, Category Analysis"), so only lists of attributes and metrics are split. */
const unitsOf = (text: string | undefined): JsonObject[] =>
  listOf(text).map((entry) => ({ type: 'attribute', ...unitOf(entry) }));

const metricsOf = (text: string): JsonObject => ({ type: 'metrics', elements: links('metric', listOf(text)) });

const filterOf = (name: string | undefined): JsonObject =>
  name === undefined ? {} : { filter: qualification({ on: 'filter', filter: name }) };

/** Prompts reach a report through its filter; the report says which ones it asks. */
function dataSourceOf(report: ReportRow): JsonObject {
  if (report.cube !== undefined) return { cube: link('cube', report.cube) };
  const units = [
    ...unitsOf(report.rows),
    ...unitsOf(report.columns),
    ...unitsOf(report.pageBy),
    metricsOf(report.metrics),
  ];
  return { dataTemplate: { units }, ...filterOf(report.filter) };
}

function definitionOf(report: ReportRow): JsonObject {
  return {
    sourceType: report.cube === undefined ? 'normal' : 'cube',
    dataSource: dataSourceOf(report),
    grid: {
      viewTemplate: {
        rows: { units: unitsOf(report.rows), sorts: [] },
        columns: { units: [...unitsOf(report.columns), metricsOf(report.metrics)], sorts: [] },
        pageBy: { units: unitsOf(report.pageBy), sorts: [] },
      },
      viewFilter: report.viewFilter === undefined ? {} : filterOf(report.viewFilter),
    },
    drillMap: link('drillMap', 'Tutorial Standard Drill Map'),
    autoStyle: link('autoStyle', report.kind === 'report' ? 'Finance' : 'Agent'),
  };
}

/** Templates, intelligent cubes and reports. */
export function addReports(draft: ProjectDraft): void {
  for (const row of inState(TEMPLATES, draft.state)) {
    const units = [...unitsOf(row.rows), metricsOf(row.metrics)];
    draft.add('template', row, { definition: { template: { units } } });
  }
  for (const row of inState(CUBES, draft.state)) {
    const definition = {
      template: { rows: unitsOf(row.attributes), columns: [metricsOf(row.metrics)] },
      ...filterOf(row.filter),
      options: { dataRefresh: 'replace', dataLanguages: { dataLanguageType: 'all_project_data_language' } },
      timeBased: { timezone: 'UTC', enabled: false },
    };
    draft.add('cube', row, { definition });
  }
  for (const row of inState(REPORTS, draft.state)) draft.add(row.kind, row, { definition: definitionOf(row) });
}
