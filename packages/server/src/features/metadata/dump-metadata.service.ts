import { setImmediate } from 'node:timers/promises';
import { AppError, type DumpQuery, type Fingerprint } from '@longshore/contracts';
import {
  addToFingerprint,
  CONFIGURATION_SCOPE,
  dumpLine,
  EMPTY_FINGERPRINT,
  objectFingerprintText,
  parseObjectId,
  projectLine,
  scopeOf,
} from '@longshore/domain';
import { sha256 } from '../../platform/hash.ts';
import type { Platform } from '../../platform/platform.ts';
import { projectRepository } from '../projects/projects.repository.ts';
import { dumpReader, type DumpReader } from './dump.repository.ts';

export interface DumpService {
  /**
   * The lines of a project, of the configuration, or of both; of everything when neither is asked for. In batches of
   * text, each ending with a line end, from one snapshot that is released when the reading stops.
   * @throws AppError `notFound` at once when there is no such project
   */
  dump(query: DumpQuery): Promise<AsyncIterable<string>>;
  /** Order-independent hash over all objects of a project, or of the configuration. */
  fingerprint(projectId: string | undefined): Promise<Fingerprint>;
}

export function createDumpService(platform: Platform): DumpService {
  const { metadata } = platform;
  return {
    async dump({ projectId, configuration }) {
      const id = projectId === undefined ? undefined : await getProjectId(platform, projectId);
      // The connection is opened by the first read: a stream that nobody reads would keep it for ever.
      return dumpBatches(() => dumpReader(metadata.openReader()), { projectId: id, configuration });
    },
    async fingerprint(projectId) {
      const scope = scopeOf(projectId === undefined ? null : await getProjectId(platform, projectId));
      const reader = dumpReader(metadata.openReader());
      try {
        let fingerprint = EMPTY_FINGERPRINT;
        let objects = 0;
        for await (const batch of reader.headerBatches(scope)) {
          for (const object of batch) {
            fingerprint = addToFingerprint(fingerprint, sha256(objectFingerprintText(object)));
          }
          objects += batch.length;
          await setImmediate();
        }
        return { fingerprint, objects };
      } finally {
        await reader.close();
      }
    },
  };
}

async function getProjectId({ metadata }: Platform, projectId: string): Promise<string> {
  const id = parseObjectId(projectId);
  const project = id === undefined ? undefined : await projectRepository(metadata.reader).find(id);
  if (project) return project.id;
  throw new AppError('notFound', `There is no project with the id ${projectId}.`);
}

/** Texts of one batch of lines each. */
async function* dumpTexts(reader: DumpReader, { projectId, configuration }: DumpQuery): AsyncGenerator<string> {
  const isWhole = projectId === undefined && configuration !== true;
  for (const project of await reader.listProjects()) {
    if (!isWhole && project.id !== projectId) continue;
    yield `${projectLine(project)}\n`;
    yield* objectTexts(reader, project.id);
  }
  if (isWhole || configuration === true) yield* objectTexts(reader, CONFIGURATION_SCOPE);
}

async function* objectTexts(reader: DumpReader, scope: string): AsyncGenerator<string> {
  for await (const objects of reader.objectBatches(scope)) {
    yield objects.map((object) => `${dumpLine(object)}\n`).join('');
  }
}

/** Between two batches the event loop has its turn: each is work for a few milliseconds. */
async function* dumpBatches(open: () => DumpReader, query: DumpQuery): AsyncGenerator<string> {
  const reader = open();
  try {
    for await (const text of dumpTexts(reader, query)) {
      yield text;
      await setImmediate();
    }
  } finally {
    await reader.close();
  }
}
