import { PURPOSE } from './identities.ts';
import { createLayout } from './layout.ts';
import { folderLine, objectLine } from './lines.ts';
import { hex, mix } from './mixing.ts';

export interface ProjectPlan {
  /** How many objects, folders among them; the project's own line is not counted. */
  readonly objects: number;
  /** Projects of one seed are equal, those of two seeds share no id. */
  readonly seed: number;
  /** Derived from the seed when missing. */
  readonly projectId?: string;
  readonly name?: string;
  /** 0 is the base. Another variant has the same ids, names and references, and other versions, dates and definitions. */
  readonly variant?: number;
  /** `pairs`: every second attribute and the one before it name each other, as parent and child do. */
  readonly relationships?: 'none' | 'pairs';
}

/** Ids differ in 32 bits at least; more objects than that could share one. */
const MAX_OBJECTS = 4_294_967_295;

/** The id of the project that a seed makes when none is given. */
export function projectIdOf(seed: number): string {
  return [1, 2, 3, 4].map((part) => hex(mix(seed, part, PURPOSE.project))).join('');
}

/**
 * The lines of a project of any size in the load format (docs/architecture.md, outside contract), without line ends:
 * the project, its folders with parents first, then objects, each after everything it needs (`relationships: 'pairs'`
 * apart). About 1.6 KB a line, three references and one ACL entry on average. Memory does not grow with the size.
 */
export function* generateProject(plan: ProjectPlan): Generator<string, void, undefined> {
  if (!Number.isSafeInteger(plan.objects) || plan.objects < 1 || plan.objects > MAX_OBJECTS) {
    throw new RangeError(`a generated project has 1 to ${MAX_OBJECTS} objects, not ${plan.objects}`);
  }
  const projectId = plan.projectId ?? projectIdOf(plan.seed);
  const layout = createLayout(plan.objects);
  const hasPairs = plan.relationships === 'pairs';
  const generation = { layout, seed: plan.seed, variant: plan.variant ?? 0, projectId, hasPairs };
  const name = plan.name ?? `Generated ${plan.seed}`;
  const project = { description: `${plan.objects} objects of seed ${plan.seed}`, id: projectId, kind: 'project', name };
  yield JSON.stringify(project);
  for (let index = 0; index < layout.folders; index += 1) yield folderLine(generation, index);
  for (let index = 0; index < layout.contents; index += 1) yield objectLine(generation, index);
}
