import { isSameLibrary, type LibraryClient, type NamedRef } from '@longshore/client';
import { parseObjectId } from '@longshore/domain';
import {
  clientOf,
  findUrl,
  getConnection,
  hasCredentials,
  type Connection,
  type OptionValues,
} from '../connection/connection-options.ts';
import type { CommandContext } from '../context.ts';
import { UsageError } from '../exit-codes.ts';
import type { ContentValues } from './migrate-options.ts';
import type { MigrationOrder, PackageOrder, Sides } from './run-migration.ts';
import { readTocView } from './toc-view.ts';
import type { Login } from './with-sessions.ts';

/** Both servers of a command, and how to log in there. */
export function openSides(
  values: OptionValues,
  context: CommandContext,
): { readonly sides: Sides; readonly logins: readonly Login[] } {
  const { io } = context;
  const source = getConnection(io, values, 'source');
  const target = getTarget(values, source, context);
  const sides: Sides = { source: clientOf(io, source.url), target: clientOf(io, target.url) };
  const logins: readonly Login[] = [
    { side: 'source', client: sides.source, connection: source },
    { side: 'target', client: sides.target, connection: target },
  ];
  return { sides, logins };
}

/** On the same server one login will do. */
function getTarget(values: OptionValues, source: Connection, { io }: CommandContext): Connection {
  const url = findUrl(io, values, 'target');
  const isOneServer = url !== undefined && isSameLibrary(url, source.url);
  return isOneServer && !hasCredentials(io, values, 'target') ? source : getConnection(io, values, 'target');
}

/** @throws UsageError when a project is missing, or given where none belongs */
export function readPackageOrder(values: ContentValues, cwd: string, now: number): PackageOrder {
  checkProjects(values);
  if (values.reuse === undefined) {
    const name = values.name ?? `Migration ${new Date(now).toISOString().slice(0, 19).replace('T', ' ')}`;
    return { kind: 'new', name, tocView: readTocView(values, cwd) };
  }
  const packageId = parseObjectId(values.reuse);
  if (packageId === undefined) throw new UsageError(`--reuse: "${values.reuse}" is no package id (32 hex digits).`);
  return { kind: 'reuse', packageId };
}

function checkProjects({ type, project, targetProject }: ContentValues): void {
  if (type === 'project' && project === undefined) {
    throw new UsageError('Which project? Give --project ID, or --type configuration for configuration objects.');
  }
  if (type === 'configuration' && (project ?? targetProject) !== undefined) {
    throw new UsageError('A configuration package belongs to no project: leave out --project and --target-project.');
  }
}

/** What is to be done, with the projects as the servers know them. */
export async function completeOrder(
  values: ContentValues & { readonly undo?: boolean; readonly delete?: boolean },
  order: PackageOrder,
  { source, target }: Sides,
  signal: AbortSignal,
): Promise<MigrationOrder> {
  const { type, project } = values;
  const afterwards = [values.undo === true ? 'undo' : null, values.delete === true ? 'delete' : null] as const;
  const sourceProject = project === undefined ? null : await findProject(source, project, signal);
  const wanted = values.targetProject ?? sourceProject?.id;
  return {
    type,
    order,
    sourceProject,
    targetProject: wanted === undefined ? null : await findProject(target, wanted, signal),
    undoPackage: values.undo === false ? 'none' : 'generate',
    afterwards: afterwards.filter((wish) => wish !== null),
  };
}

export async function findProject(client: LibraryClient, idOrName: string, signal: AbortSignal): Promise<NamedRef> {
  const { id, name } = await client.projects.get(parseObjectId(idOrName) ?? idOrName, { signal });
  return { id, name };
}
