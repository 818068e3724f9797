import type { Executor } from '../../../platform/db/database.ts';
import type { MetadataTables } from '../../../platform/db/metadata-schema.ts';
import { bodyHash } from '../../../platform/hash.ts';
import { importTexts } from './texts.repository.ts';

const BATCH = 500;

/** Objects that are the same but for their texts get those; definition, version, times and access stay. */
export async function writeTranslations(tx: Executor<MetadataTables>, scope: string): Promise<void> {
  const texts = importTexts(tx, scope);
  await texts.reset();
  for (let after = ''; ;) {
    const changes = await texts.loadChanges(after, BATCH);
    const last = changes.at(-1);
    if (!last) break;
    await texts.add(
      changes.map(({ id, definition, translations, uses }) => ({
        id,
        translations,
        bodyHash: bodyHash(definition, translations, uses),
        changesTexts: true,
      })),
    );
    after = last.id;
  }
  await texts.write();
}
