import {
  canonicalJson,
  mergeTranslations,
  writesIdenticalTexts,
  type JsonObject,
  type TranslationAction,
} from '@longshore/domain';
import type { Executor } from '../../../platform/db/database.ts';
import type { MetadataTables } from '../../../platform/db/metadata-schema.ts';
import { bodyHash } from '../../../platform/hash.ts';
import { importTexts, type MergedTexts, type TextMeeting } from './texts.repository.ts';

const BATCH = 500;

/**
 * Brings the texts of the staged objects together with those of the target, before anything is decided: a plan
 * compares bodies by their hash, and must see the bodies that it would write. Objects that the target does not have,
 * and copies of `keep_both`, keep the texts of the package.
 */
export async function mergeStagedTexts(
  tx: Executor<MetadataTables>,
  scope: string,
  action: TranslationAction,
): Promise<void> {
  const texts = importTexts(tx, scope);
  await texts.reset();
  for (let after = ''; ;) {
    const meetings = await texts.loadMeetings(after, BATCH);
    const last = meetings.at(-1);
    if (!last) break;
    await texts.add(meetings.map((meeting) => mergedTexts(meeting, action)));
    after = last.id;
  }
  await texts.stage();
}

function mergedTexts(meeting: TextMeeting, action: TranslationAction): MergedTexts {
  const { id, definition, uses } = meeting;
  const existing = JSON.parse(meeting.existing) as JsonObject;
  const translations = canonicalJson(mergeTranslations(action, existing, JSON.parse(meeting.incoming) as JsonObject));
  return {
    id,
    translations,
    bodyHash: bodyHash(definition, translations, uses),
    changesTexts: writesIdenticalTexts(action) && meeting.isSameVersion && translations !== meeting.existing,
  };
}
