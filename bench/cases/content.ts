import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import type { Migration } from '@longshore/client';
import { readPackage } from '@longshore/package-file';
import { PROJECT } from '../data.ts';
import type { BenchServer } from '../server.ts';
import type { Workspace } from '../workspace.ts';
import { expectThat } from './case.ts';

/** What is in an environment's project, to be compared with another one's. */
interface Content {
  /** Of every line of its dump. */
  readonly whole: string;
  /** The same of what an import takes over as it is, and how many these objects are. */
  readonly objects: string;
  readonly count: number;
}

/** Folders that an import makes on its way have the date of the import, and a project's own line is not a package's. */
const isTakenOver = (line: string): boolean => line.includes('"kind":"object"') && !line.includes('"type":8,');

async function contentOf(server: BenchServer): Promise<Content> {
  const [whole, objects] = [createHash('sha256'), createHash('sha256')];
  let count = 0;
  const dump = await server.client.metadata.dump({ projectId: PROJECT.id });
  for await (const line of createInterface({ input: Readable.fromWeb(dump) })) {
    whole.update(line);
    if (!isTakenOver(line)) continue;
    objects.update(line);
    count += 1;
  }
  return { whole: whole.digest('hex'), objects: objects.digest('hex'), count };
}

const known = new WeakMap<Workspace, Map<string, Promise<Content>>>();

/** Of an environment that cases start from, and leave as it is: read once. */
function contentBefore(workspace: Workspace, environment: string): Promise<Content> {
  const ofWorkspace = known.get(workspace) ?? new Map<string, Promise<Content>>();
  known.set(workspace, ofWorkspace);
  const content = ofWorkspace.get(environment) ?? read(workspace, environment);
  ofWorkspace.set(environment, content);
  return content;
}

async function read(workspace: Workspace, environment: string): Promise<Content> {
  await using server = await workspace.start(environment);
  return await contentOf(server);
}

/** So many of the project's objects at least are no folders. */
const LEAST_SHARE = 0.9;

/** @throws when the objects of a server's project are not those of an environment, byte for byte */
export async function expectObjectsOf(workspace: Workspace, environment: string, server: BenchServer): Promise<void> {
  const [before, { objects, count }] = [await contentBefore(workspace, environment), await contentOf(server)];
  expectThat(count >= workspace.objects * LEAST_SHARE, `${count} objects are there, of ${workspace.objects}`);
  expectThat(objects === before.objects, `${server.name} has other objects than ${environment}`);
}

/** @throws when a server's project is not what an environment's is, byte for byte */
export async function expectSameAs(workspace: Workspace, environment: string, server: BenchServer): Promise<void> {
  const [before, { whole }] = [await contentBefore(workspace, environment), await contentOf(server)];
  expectThat(whole === before.whole, `${server.name} is not what ${environment} is`);
}

/** @throws when a package lacks any of the project's objects */
export async function expectWholePackage(workspace: Workspace, { packageInfo }: Migration): Promise<void> {
  const file = createReadStream(workspace.file(`storage/${packageInfo.storage?.path ?? ''}`));
  const { manifest } = await readPackage(file);
  file.destroy();
  const entries = manifest.counts?.entries ?? 0;
  expectThat(entries >= workspace.objects, `the package has ${entries} entries, of ${workspace.objects} objects`);
}
