import { CONFIGURATION_SCOPE, WELL_KNOWN } from '@longshore/domain';
import { wireDateOfSecond } from '../../platform/clock.ts';
import type { Platform } from '../../platform/platform.ts';
import { journalWriter } from '../journal/journal.repository.ts';
import { objectWriter } from '../objects/object-writer.repository.ts';
import { createPredefinedFolders } from './create-project.ts';

/** Gives the configuration its predefined folders. Called at every start; does nothing where they are there. */
export async function bootstrapConfiguration({ metadata, clock }: Platform): Promise<void> {
  await metadata.write(async (tx) => {
    const created = await createPredefinedFolders(tx, 'configuration', { projectId: null, projectName: '' });
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
