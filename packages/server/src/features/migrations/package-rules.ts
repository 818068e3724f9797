import { AppError, type EntryInput, type PackageManifest, type SettingsInput } from '@longshore/contracts';
import { parseObjectId, typeOfNumber, type ConflictAction } from '@longshore/domain';
import { mergeRulesDigest, toTranslationAction } from './merge-settings.ts';
import type { MergeOptions, PackageSettings } from './migration-jobs.ts';
import { resolveSettings } from './package-request.ts';

/** The rule under which one object of a package is imported. */
export interface PackageRule {
  readonly type: number;
  readonly action: ConflictAction;
}

/**
 * What counts is in the package file. A body that tells it differently was altered, or belongs to another package, and
 * whoever approved or sent it would be surprised by what is imported: it is refused.
 * @throws AppError `invalid` naming the setting.
 */
export function requireSameSettings(sent: SettingsInput | null | undefined, manifest: PackageManifest): void {
  if (!sent) return;
  const asked = resolveSettings(sent, manifest.type, isMerge(manifest) ? 'project_merge' : 'object_migration');
  const frozen = frozenSettings(manifest);
  for (const key of ['defaultAction', 'aclOnReplacingObjects', 'aclOnNewObjects', 'updateSchema'] as const) {
    if (sent[key] === undefined || sent[key] === null) continue;
    if (asText(asked[key]) === asText(frozen[key])) continue;
    throw alteredSetting(key, asText(asked[key]), asText(frozen[key]));
  }
  if (asked.merge) requireSameMerge(asked.merge, sent, manifest);
}

const isMerge = (manifest: PackageManifest): boolean => manifest.purpose === 'project_merge';

function requireSameMerge(asked: MergeOptions, sent: SettingsInput, { settings }: PackageManifest): void {
  const { validateDependencies, translationAction, mergeRules } = settings;
  if (typeof sent.validateDependencies === 'boolean' && asked.validateDependencies !== validateDependencies) {
    throw alteredSetting('validateDependencies', `${asked.validateDependencies}`, `${validateDependencies}`);
  }
  const texts = toTranslationAction(asked.translationAction);
  if (sent.translationAction && texts !== translationAction) {
    throw alteredSetting('translationAction', `'${texts}'`, `'${translationAction}'`);
  }
  const lists = [sent.objectTypeActions, sent.folderActions, sent.objectActions];
  if (lists.every((list) => !list) || mergeRulesDigest(asked) === mergeRules) return;
  throw altered(
    'The rules in objectTypeActions, folderActions and objectActions of packageInfo.tocView.settings are not those ' +
      'that the package was made with.',
  );
}

function alteredSetting(key: string, asked: string, frozen: string): AppError {
  return new AppError(
    'invalid',
    `packageInfo.tocView.settings.${key} is ${asked}, but the package was made with ${frozen}. ` +
      'Rules cannot be altered after the package was created; send the record as the source gives it.',
  );
}

function frozenSettings({ settings, type }: PackageManifest): PackageSettings {
  return resolveSettings({ ...settings, updateSchema: [...settings.updateSchema] }, type);
}

/** Lists are sets here: their order means nothing. */
function asText(value: PackageSettings[Exclude<keyof PackageSettings, 'merge'>]): string {
  return typeof value === 'string' || value === null ? `'${value}'` : JSON.stringify([...value].toSorted());
}

/** @throws AppError `invalid` naming the first object whose rule differs, is missing, or was added. */
export function requireSameRules(sent: readonly EntryInput[], frozen: ReadonlyMap<string, PackageRule>): void {
  const seen = new Set<string>();
  for (const entry of sent) {
    const id = parseObjectId(entry.id) ?? entry.id;
    seen.add(id);
    const rule = frozen.get(id);
    const label = entry.name ? `'${entry.name}' (${entry.id})` : entry.id;
    if (!rule) throw altered(`The object ${label} of packageInfo.tocView.content is not in the package.`);
    if (typeOfNumber(entry.type) !== rule.type) {
      throw altered(
        `The object ${label} has type ${entry.type} in packageInfo.tocView.content, but ${rule.type} in the package.`,
      );
    }
    if (entry.action && entry.action !== rule.action) {
      throw altered(
        `The object ${label} has the rule ${entry.action} in packageInfo.tocView.content, but ${rule.action} in the package.`,
      );
    }
  }
  if (seen.size === frozen.size) return;
  const missing = [...frozen.keys()].find((id) => !seen.has(id));
  throw altered(`The object ${missing} of the package is missing in packageInfo.tocView.content.`);
}

function altered(fact: string): AppError {
  return new AppError('invalid', `${fact} Send the record as the source gives it, or leave tocView empty.`);
}
