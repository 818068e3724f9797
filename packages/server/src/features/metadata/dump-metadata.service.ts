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

/** Work between two turns of the event loop: a few milliseconds, and a bound to what is held in memory. */
const BATCH_OBJECTS = 200;
const BATCH_CHARACTERS = 1024 * 1024;

export function createDumpService(platform: Platform): DumpService {
  const { metadata } = platform;
  return {
    async dump({ projectId, configuration }) {
      const id = projectId === undefined ? undefined : await getProjectId(platform, projectId);
      // The connection is opened by the first read: a stream that nobody reads would keep it for ever.
      return dumpBatches(
        () => dumpReader(metadata.openReader()),
        (reader) => dumpLines(reader, { projectId: id, configuration }),
      );
    },
    async fingerprint(projectId) {
      const scope = scopeOf(projectId === undefined ? null : await getProjectId(platform, projectId));
      const reader = dumpReader(metadata.openReader());
      try {
        let fingerprint = EMPTY_FINGERPRINT;
        let objects = 0;
        for (const object of reader.iterateHeaders(scope)) {
          fingerprint = addToFingerprint(fingerprint, sha256(objectFingerprintText(object)));
          objects += 1;
          if (objects % BATCH_OBJECTS === 0) await setImmediate();
        }
        return { fingerprint, objects };
      } finally {
        reader.close();
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

function* dumpLines(reader: DumpReader, { projectId, configuration }: DumpQuery): Generator<string> {
  const isWhole = projectId === undefined && configuration !== true;
  for (const project of reader.listProjects()) {
    if (!isWhole && project.id !== projectId) continue;
    yield projectLine(project);
    for (const object of reader.iterateObjects(project.id)) yield dumpLine(object);
  }
  if (!isWhole && configuration !== true) return;
  for (const object of reader.iterateObjects(CONFIGURATION_SCOPE)) yield dumpLine(object);
}

async function* dumpBatches(
  open: () => DumpReader,
  linesOf: (reader: DumpReader) => Iterable<string>,
): AsyncGenerator<string> {
  const reader = open();
  try {
    let text = '';
    let lines = 0;
    for (const line of linesOf(reader)) {
      text += `${line}\n`;
      lines += 1;
      if (lines < BATCH_OBJECTS && text.length < BATCH_CHARACTERS) continue;
      yield text;
      text = '';
      lines = 0;
      await setImmediate();
    }
    if (text !== '') yield text;
  } finally {
    reader.close();
  }
}
