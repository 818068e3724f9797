import { canonicalAcl, canonicalJson } from '@longshore/domain';
import type { JsonObject, JsonValue } from '@longshore/domain';
import { addAccounts } from './accounts.ts';
import { addAttributes } from './attributes.ts';
import { addDashboards } from './dashboards.ts';
import { addEnvironment } from './environment.ts';
import { addExtras } from './extras.ts';
import { addFilters } from './filters.ts';
import { addFolders } from './folders.ts';
import { addGroupings } from './groupings.ts';
import { KINDS } from './kinds.ts';
import { addMetrics } from './metrics.ts';
import { createDraft, TUTORIAL_PROJECT_ID } from './project-draft.ts';
import type { DraftObject, State } from './project-draft.ts';
import { addPrompts } from './prompts.ts';
import { addReports } from './reports.ts';
import { addFunctionsAndFacts, addHierarchies, addTransformations } from './schema.ts';
import { addColumns, addTables } from './tables.ts';

const STEPS = [
  addEnvironment,
  addAccounts,
  addFolders,
  addColumns,
  addTables,
  addFunctionsAndFacts,
  addAttributes,
  addHierarchies,
  addTransformations,
  addMetrics,
  addFilters,
  addPrompts,
  addGroupings,
  addReports,
  addDashboards,
  addExtras,
] as const;

/** All objects of the Tutorial in one state: the environment's first, then folders, then what needs them. */
export function buildTutorial(state: State): readonly DraftObject[] {
  const draft = createDraft(state);
  for (const step of STEPS) step(draft);
  return draft.objects();
}

/** An object as a line of the load format (docs/architecture.md, outside contract), keys sorted. */
export function objectLine(object: DraftObject): string {
  const { type, subtype, level } = KINDS[object.kind];
  const line: JsonObject = {
    kind: 'object',
    projectId: level === 'project' ? TUTORIAL_PROJECT_ID : null,
    id: object.id,
    type,
    subtype,
    name: object.name,
    description: object.description,
    abbreviation: object.abbreviation,
    parentId: object.parentId,
    ownerId: object.ownerId,
    version: object.version,
    dateCreated: object.dateCreated,
    dateModified: object.dateModified,
    hidden: object.hidden,
    acl: canonicalAcl(object.acl).map((entry) => ({ ...entry })),
    definition: object.definition,
    uses: object.uses.map((use): JsonValue => ({ id: use.id, type: use.type })),
    translations: object.translations,
  };
  return canonicalJson(line);
}

/** The text of `dev.ndjson` or `prod.ndjson`. */
export function tutorialText(state: State): string {
  const project = {
    kind: 'project',
    id: TUTORIAL_PROJECT_ID,
    name: 'MicroStrategy Tutorial',
    description: 'Sales, customers, inventory and people of a retailer',
  };
  return [canonicalJson(project), ...buildTutorial(state).map(objectLine)].map((line) => `${line}\n`).join('');
}
