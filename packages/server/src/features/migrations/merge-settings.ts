import { AppError, type SettingsInput, type TranslationWord } from '@longshore/contracts';
import {
  canonicalJson,
  findObjectType,
  isKnownSubtype,
  MERGE_ACTIONS,
  parseObjectId,
  typeOfNumber,
  type ConflictAction,
  type MergeAction,
  type TranslationAction,
} from '@longshore/domain';
import { sha256 } from '../../platform/hash.ts';
import type { MergeOptions, PackageSettings } from './migration-jobs.ts';

const SETTINGS = 'packageInfo.tocView.settings';

/**
 * Reads what a project merge has among its settings.
 * @throws AppError `invalid` naming the field of a rule that cannot be.
 */
export function readMergeOptions(input: SettingsInput | null | undefined): MergeOptions {
  requireMergeAction(input?.defaultAction ?? 'use_existing', 'defaultAction');
  return {
    validateDependencies: input?.validateDependencies ?? true,
    translationAction: input?.translationAction ?? 'use_existing',
    objectTypeActions: (input?.objectTypeActions ?? []).map(readTypeRule),
    folderActions: (input?.folderActions ?? []).map((rule, at) => readIdRule(rule, `folderActions[${at}]`)),
    objectActions: (input?.objectActions ?? []).map((rule, at) => ({
      ...readIdRule(rule, `objectActions[${at}]`),
      ...(typeof rule.objectType === 'number' ? { objectType: rule.objectType } : {}),
    })),
  };
}

function requireMergeAction(action: ConflictAction, field: string): MergeAction {
  const known = MERGE_ACTIONS.find((word) => word === action);
  if (known !== undefined) return known;
  throw new AppError(
    'invalid',
    `${SETTINGS}.${field} is '${action}', but a project merge never deletes; use one of ${MERGE_ACTIONS.join(', ')}.`,
  );
}

type TypeRuleInput = NonNullable<SettingsInput['objectTypeActions']>[number];

function readTypeRule(rule: TypeRuleInput, at: number): MergeOptions['objectTypeActions'][number] {
  const field = `objectTypeActions[${at}]`;
  const { type, subtype } = rule;
  const known = findObjectType(typeOfNumber(type));
  if (!known || (type >= 256 && !isKnownSubtype(known.number, type))) {
    throw new AppError('invalid', `${SETTINGS}.${field}.type is ${type}, which is not an object type.`);
  }
  if (typeof subtype === 'number' && !isKnownSubtype(known.number, subtype)) {
    throw new AppError(
      'invalid',
      `${SETTINGS}.${field}.subtype is ${subtype}, which is not a subtype of type ${known.number} (${known.name}).`,
    );
  }
  const action = requireMergeAction(rule.action, `${field}.action`);
  return typeof subtype === 'number' ? { type, subtype, action } : { type, action };
}

function readIdRule(rule: { id: string; action: ConflictAction }, field: string): { id: string; action: MergeAction } {
  const id = parseObjectId(rule.id);
  if (id === undefined) throw new AppError('invalid', `${SETTINGS}.${field}.id '${rule.id}' is not 32 hex digits.`);
  return { id, action: requireMergeAction(rule.action, `${field}.action`) };
}

/** `existing` is another word for `use_existing`. */
export function toTranslationAction(word: TranslationWord): TranslationAction {
  return word === 'existing' ? 'use_existing' : word;
}

/**
 * A digest of the rules that hold, for the manifest: of several rules for the same thing the last one, and in an order
 * of their own, since the order of the lists means nothing else.
 */
export function mergeRulesDigest(merge: Pick<MergeOptions, 'objectTypeActions' | 'folderActions' | 'objectActions'>) {
  const types = merge.objectTypeActions.map((rule) => [`${rule.type}/${rule.subtype ?? ''}`, rule.action] as const);
  const rules = {
    objectTypeActions: Object.fromEntries(types),
    folderActions: Object.fromEntries(merge.folderActions.map(({ id, action }) => [id, action])),
    objectActions: Object.fromEntries(merge.objectActions.map(({ id, action }) => [id, action])),
  };
  return sha256(canonicalJson(rules));
}

/** `tocView.settings` as they go out: the settings of a merge beside the others, and no key without a value. */
export function settingsView({ merge, aclOnReplacingObjects, ...rest }: PackageSettings): object {
  return { ...rest, ...(aclOnReplacingObjects === null ? {} : { aclOnReplacingObjects }), ...merge };
}
