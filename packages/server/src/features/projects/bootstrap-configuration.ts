import { CONFIGURATION_SCOPE, WELL_KNOWN } from '@longshore/domain';
import { wireDateOfSecond } from '../../platform/clock.ts';
import type { Platform } from '../../platform/platform.ts';
import { journalWriter } from '../journal/journal.repository.ts';
import { objectWriter } from '../objects/object-writer.repository.ts';
import { createPredefinedFolders, missingPredefinedFolders } from './create-project.ts';

const CONFIGURATION = { projectId: null, projectName: '' } as const;

/**
 * Gives the configuration its predefined folders. Called at every start; where they are there it only reads, so that a
 * server starts while an import of another process writes.
 */
export async function bootstrapConfiguration({ metadata, clock }: Platform): Promise<void> {
  const missing = await missingPredefinedFolders(metadata.reader, 'configuration', CONFIGURATION);
  if (missing.length === 0) return;
  await metadata.write(async (tx) => {
    const created = await createPredefinedFolders(tx, 'configuration', CONFIGURATION);
    if (created === 0) return;
    await journalWriter(tx).record({
      kind: 'bootstrap',
      user: { id: WELL_KNOWN.administrator, name: 'Administrator' },
      date: wireDateOfSecond(clock.now()),
      summary: { folders: created },
      entries: [],
    });
    await objectWriter(tx).bumpRevision(CONFIGURATION_SCOPE);
  });
}
