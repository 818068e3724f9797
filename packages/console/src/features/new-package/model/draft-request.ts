import type { CreateMigrationBody, Migration, NamedRef, TocSettings, MergeSettings, TocView } from '@longshore/client';
import { TRANSLATION_ACTIONS, type TranslationAction } from '@longshore/domain';
import { FIRST_SETTINGS, type Draft, type DraftItem, type DraftSettings, type MergeRule } from './draft.ts';

/** The rules and the content of a draft, as the API takes them (spec/api.md 4). */
export function tocViewOf(draft: Draft): TocView {
  const settings = settingsOf(draft);
  if (draft.kind === 'merge') return { settings: { ...settings, ...mergeSettingsOf(draft) } };
  return { settings, content: draft.items.map(entryOf) };
}

/** The body that creates the package. */
export function createBodyOf(draft: Draft, environment: NamedRef): CreateMigrationBody {
  return {
    packageInfo: {
      type: draft.kind === 'administration' ? 'configuration' : 'project',
      ...(draft.kind === 'merge' ? { purpose: 'project_merge' } : {}),
      name: draft.name.trim(),
      environment,
      tocView: tocViewOf(draft),
      treeView: {},
    },
    importInfo: {},
  };
}

function settingsOf({ kind, settings }: Draft): TocSettings {
  return {
    updateSchema: kind === 'administration' ? [] : settings.schemaUpdates,
    aclOnReplacingObjects: settings.aclOnReplacing,
    aclOnNewObjects: [settings.aclOnNew],
    defaultAction: settings.defaultAction,
  };
}

function mergeSettingsOf({ settings, mergeRules }: Draft): MergeSettings {
  const of = (scope: MergeRule['scope']) => mergeRules.filter((rule) => rule.scope === scope);
  return {
    validateDependencies: settings.validateDependencies,
    translationAction: settings.translations,
    objectTypeActions: of('type').map(({ type, action }) => ({ type, action })),
    folderActions: of('folder').map(({ key, action }) => ({ id: key, action })),
    objectActions: of('object').map(({ key, type, action }) => ({ id: key, objectType: type, action })),
  };
}

const entryOf = ({ id, type, action, includeDependents }: DraftItem) => ({
  id,
  type,
  includeDependents,
  ...(action === null ? {} : { action }),
});

/** The draft that an existing package is edited from: what was chosen then, with the rules of then. */
export function draftOf({ packageInfo }: Migration): Draft {
  const { settings = {}, content = [] } = packageInfo.tocView ?? {};
  const kind = packageInfo.type === 'configuration' ? 'administration' : 'object';
  return {
    kind: packageInfo.purpose === 'project_merge' ? 'merge' : kind,
    name: packageInfo.name ?? '',
    items: content
      .filter(({ explicitIncluded }) => explicitIncluded !== false)
      .map(({ id, type, name = id, action, includeDependents }) => ({
        id,
        type,
        subtype: 0,
        name,
        reason: { kind: 'chosen' },
        action: action === undefined || action === settings.defaultAction ? null : action,
        includeDependents: includeDependents ?? false,
      })),
    mergeRules: rulesOf(settings),
    settings: draftSettings(settings),
  };
}

function draftSettings(settings: TocSettings & MergeSettings): DraftSettings {
  const { aclOnNewObjects, translationAction } = settings;
  return {
    defaultAction: settings.defaultAction ?? FIRST_SETTINGS.defaultAction,
    aclOnReplacing: settings.aclOnReplacingObjects ?? FIRST_SETTINGS.aclOnReplacing,
    aclOnNew: aclOnNewObjects?.[0] ?? FIRST_SETTINGS.aclOnNew,
    schemaUpdates: settings.updateSchema ?? [],
    translations: isTranslation(translationAction) ? translationAction : FIRST_SETTINGS.translations,
    validateDependencies: settings.validateDependencies ?? FIRST_SETTINGS.validateDependencies,
  };
}

const isTranslation = (word: string | undefined): word is TranslationAction =>
  TRANSLATION_ACTIONS.some((known) => known === word);

function rulesOf({ objectTypeActions = [], folderActions = [], objectActions = [] }: MergeSettings): MergeRule[] {
  return [
    ...objectTypeActions.map(({ type, action }) => rule('type', String(type), type, action)),
    ...folderActions.map(({ id, action }) => rule('folder', id, FOLDER, action)),
    ...objectActions.map(({ id, objectType = 0, action }) => rule('object', id, objectType, action)),
  ];
}

const FOLDER = 8;

const rule = (scope: MergeRule['scope'], key: string, type: number, action: MergeRule['action']): MergeRule => ({
  scope,
  key,
  name: key,
  type,
  action,
});
