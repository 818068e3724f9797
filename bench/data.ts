import { randomBytes } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { WELL_KNOWN } from '@longshore/domain';
import { generateProject, projectIdOf } from '@longshore/samples';

const SEED = 20_260_829;

/** The project of all benchmarks. */
export const PROJECT = { id: projectIdOf(SEED), name: 'Benchmark' } as const;

export const DASHBOARD_TYPE = 55;
const DASHBOARD_SUBTYPE = 14_081;
/** How many objects a dashboard of those that are added to the generated project names. */
const USES = 50;

/** The object that needs everything, directly or not. */
export const ROOT_ID = dashboardId(0);

/** Which state of the objects: the same ids with other versions, dates and definitions. */
export type Variant = 'new' | 'old';

/** A file with the project's line alone, for a target without objects. */
export function projectLine(): string {
  return `${JSON.stringify({ kind: 'project', id: PROJECT.id, name: PROJECT.name })}\n`;
}

/**
 * Writes a project in the load format: generated objects, and dashboards on dashboards above all that nothing else
 * uses, with one at the top. Returns the number of objects.
 */
export async function writeProject(file: string, objects: number, variant: Variant): Promise<number> {
  const written = { objects: 0 };
  await pipeline(Readable.from(chunks(objects, variant, written)), createWriteStream(file));
  return written.objects;
}

const LARGE_DEFINITION_BYTES = 4 * 1024 * 1024;
/** So many bytes of large definitions for each object asked for: 100,000 make a package of nearly the 2 GB that are allowed. */
const LARGE_BYTES_PER_OBJECT = 26_000;

/** The same with few objects, each with a definition of 4 MB that hardly shrinks. Returns the number of objects. */
export async function writeLargeProject(file: string, objects: number): Promise<number> {
  const large = Math.max(2, Math.round((objects * LARGE_BYTES_PER_OBJECT) / LARGE_DEFINITION_BYTES));
  const ids = Array.from(
    { length: large },
    (_, number) => `BE9D${number.toString(16).toUpperCase().padStart(28, '0')}`,
  );
  const tree = [
    ...dashboards(
      ids.map((id) => [id, DASHBOARD_TYPE] as const),
      'new',
    ),
  ];
  function* lines(): Generator<string> {
    yield* generateProject({ objects: 1, seed: SEED, projectId: PROJECT.id, name: PROJECT.name });
    for (const id of ids) {
      const text = randomBytes((LARGE_DEFINITION_BYTES / 4) * 3).toString('base64');
      yield objectLine({ id, name: `Large ${id}`, variant: 'new', definition: { text }, uses: [] });
    }
    yield* tree;
  }
  let written = -1;
  const counted = function* (): Generator<string> {
    for (const line of lines()) {
      written += 1;
      yield `${line}\n`;
    }
  };
  await pipeline(Readable.from(counted()), createWriteStream(file));
  return written;
}

function* chunks(objects: number, variant: Variant, written: { objects: number }): Generator<string> {
  let text = '';
  for (const line of withDashboards(objects, variant)) {
    text += `${line}\n`;
    written.objects += 1;
    if (text.length < 1024 * 1024) continue;
    yield text;
    text = '';
  }
  // The project's own line is no object.
  written.objects -= 1;
  yield text;
}

function* withDashboards(objects: number, variant: Variant): Generator<string> {
  const unused = new Map<string, number>();
  const { id: projectId, name } = PROJECT;
  for (const line of generateProject({ objects, seed: SEED, projectId, name, variant: variant === 'new' ? 0 : 1 })) {
    note(line, unused);
    yield line;
  }
  yield* dashboards([...unused], variant);
}

interface NotedLine {
  readonly kind: string;
  readonly id: string;
  readonly type: number;
  readonly definition: { readonly expression?: { readonly tokens: readonly { target: { objectId: string } }[] } };
  readonly uses: readonly { readonly id: string }[];
}

/** Objects stand after all that they use, so that what is used later takes the earlier one off the list. */
function note(text: string, unused: Map<string, number>): void {
  const line = JSON.parse(text) as NotedLine;
  if (line.kind !== 'object' || line.type === 8) return;
  for (const { target } of line.definition.expression?.tokens ?? []) unused.delete(target.objectId);
  for (const use of line.uses) unused.delete(use.id);
  unused.set(line.id, line.type);
}

function* dashboards(unused: readonly (readonly [string, number])[], variant: Variant): Generator<string> {
  let made = 1;
  let level: readonly (readonly [string, number])[] = unused;
  while (level.length > USES) {
    const above: [string, number][] = [];
    for (let at = 0; at < level.length; at += USES) {
      const id = dashboardId(made);
      yield dashboardLine(id, made, level.slice(at, at + USES), variant);
      above.push([id, DASHBOARD_TYPE]);
      made += 1;
    }
    level = above;
  }
  yield dashboardLine(ROOT_ID, 0, level, variant);
}

function dashboardId(number: number): string {
  return `BE9C${number.toString(16).toUpperCase().padStart(28, '0')}`;
}

function dashboardLine(
  id: string,
  number: number,
  uses: readonly (readonly [string, number])[],
  variant: Variant,
): string {
  return objectLine({ id, name: `Everything ${number}`, variant, definition: { variant }, uses });
}

interface DashboardParts {
  readonly id: string;
  readonly name: string;
  readonly variant: Variant;
  readonly definition: object;
  readonly uses: readonly (readonly [string, number])[];
}

function objectLine({ id, name, variant, definition, uses }: DashboardParts): string {
  const digit = variant === 'new' ? 'A' : 'B';
  return JSON.stringify({
    kind: 'object',
    projectId: PROJECT.id,
    id,
    type: DASHBOARD_TYPE,
    subtype: DASHBOARD_SUBTYPE,
    name,
    description: '',
    parentId: WELL_KNOWN.publicObjects,
    ownerId: WELL_KNOWN.administrator,
    version: `${digit}${id.slice(1)}`,
    dateCreated: '2020-01-01T00:00:00.000+0000',
    dateModified: variant === 'new' ? '2026-01-01T00:00:00.000+0000' : '2025-01-01T00:00:00.000+0000',
    acl: [],
    definition,
    uses: uses.map(([used, type]) => ({ id: used, type })),
  });
}
