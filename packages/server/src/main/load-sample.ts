import { createReadStream } from 'node:fs';
import { defaultProjectId, tutorialFile } from '@longshore/samples';
import { WELL_KNOWN } from '@longshore/domain';
import { createLoadMetadata } from '../features/metadata/load-metadata.service.ts';
import type { Platform } from '../platform/platform.ts';
import type { ServerConfig } from './config.ts';

const STATE_OF = { tutorial: 'dev', 'tutorial-prod': 'prod' } as const;

/** Loads the Tutorial project into an environment that does not have it; one that has it keeps its own. */
export async function loadSample(platform: Platform, sample: NonNullable<ServerConfig['sample']>): Promise<void> {
  const known = await platform.metadata.reader
    .selectFrom('project')
    .select('id')
    .where('id', '=', defaultProjectId)
    .executeTakeFirst();
  if (known) return;
  const administrator = { id: WELL_KNOWN.administrator, name: 'Administrator', login: 'administrator' };
  const input = createReadStream(tutorialFile(STATE_OF[sample]));
  const result = await createLoadMetadata(platform)(administrator, input);
  platform.log.info(result, 'the Tutorial project was loaded');
}
