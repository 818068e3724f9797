import { AppError, type TranslationOperation, type Translations } from '@longshore/contracts';
import { DEFAULT_LCID, type JsonObject } from '@longshore/domain';

/**
 * Translations of an object (spec/api.md 2.4). Stored as `{target: {lcid: text}}`; target `1:0:` is the name and
 * `1:2:` the description, whose text in the default language is the object's own.
 */
export interface TranslatedTexts {
  readonly name: string;
  readonly description: string;
  readonly translations: JsonObject;
}

export const DEFAULT_LANGUAGE = { code: 'en', lcid: DEFAULT_LCID } as const;

const NAME_TARGET = '1:0:';
const DESCRIPTION_TARGET = '1:2:';
const TARGET_NAMES: Readonly<Record<string, string>> = {
  [NAME_TARGET]: 'Object Name ',
  [DESCRIPTION_TARGET]: 'Object Description ',
};

export function toTranslations(texts: TranslatedTexts): Translations {
  const targets = [...new Set([NAME_TARGET, DESCRIPTION_TARGET, ...Object.keys(texts.translations)])];
  return {
    defaultLanguage: DEFAULT_LANGUAGE.code,
    localesAndTranslations: Object.fromEntries(
      targets.map((target) => [
        target,
        { translationTargetName: TARGET_NAMES[target] ?? target, translationValues: valuesOf(texts, target) },
      ]),
    ),
  };
}

function valuesOf(texts: TranslatedTexts, target: string): Record<string, { translation: string }> {
  const own = target === NAME_TARGET ? texts.name : target === DESCRIPTION_TARGET ? texts.description : '';
  const values = { ...textsOf(texts.translations, target), ...(own === '' ? {} : { [DEFAULT_LANGUAGE.lcid]: own }) };
  return Object.fromEntries(Object.entries(values).map(([lcid, translation]) => [lcid, { translation }]));
}

function textsOf(translations: JsonObject, target: string): Record<string, string> {
  const stored = translations[target];
  if (typeof stored !== 'object' || stored === null || Array.isArray(stored)) return {};
  return Object.fromEntries(
    Object.entries(stored).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
}

const PATH = /^\/localesAndTranslations\/([^/]+)\/translationValues(?:\/(\d+)(?:\/translation)?)?$/;

/**
 * Applies operations in their order, all or none.
 * @throws AppError `invalid` naming the operation that cannot be carried out
 */
export function applyTranslationOperations(
  texts: TranslatedTexts,
  operations: readonly TranslationOperation[],
): TranslatedTexts {
  let changed = texts;
  for (const operation of operations) {
    const [, target, lcid] = PATH.exec(operation.path) ?? [];
    if (target === undefined) throw invalidOperation(operation, 'the path is not one of translations');
    for (const [language, text] of changesOf(operation, lcid)) {
      changed = withText(changed, { target, language, text, operation });
    }
  }
  return changed;
}

/** The texts that an operation sets, by language; null takes one away. */
function changesOf(operation: TranslationOperation, lcid: string | undefined): [string, string | null][] {
  const op = operation.op.toLowerCase();
  if (op === 'remove') {
    if (lcid === undefined) throw invalidOperation(operation, 'the path must name the language');
    return [[lcid, null]];
  }
  if (op !== 'add' && op !== 'replace') throw invalidOperation(operation, 'op must be add, replace or remove');
  if (lcid !== undefined) return [[lcid, textIn(operation, operation.value)]];
  if (typeof operation.value !== 'object' || operation.value === null || Array.isArray(operation.value)) {
    throw invalidOperation(operation, 'the value must be a map of languages');
  }
  return Object.entries(operation.value).map(([language, value]) => {
    if (!/^\d+$/.test(language)) throw invalidOperation(operation, `${language} is not the number of a language`);
    return [language, textIn(operation, value)];
  });
}

function textIn(operation: TranslationOperation, value: unknown): string {
  const text = typeof value === 'object' && value !== null && 'translation' in value ? value.translation : value;
  if (typeof text !== 'string') throw invalidOperation(operation, 'the translation must be a text');
  return text;
}

interface TextChange {
  readonly target: string;
  readonly language: string;
  readonly text: string | null;
  readonly operation: TranslationOperation;
}

function withText(texts: TranslatedTexts, { target, language, text, operation }: TextChange): TranslatedTexts {
  if (language === DEFAULT_LANGUAGE.lcid && target === NAME_TARGET) {
    if (text === null || text.trim() === '') throw invalidOperation(operation, 'an object cannot be without a name');
    return { ...texts, name: text.trim() };
  }
  if (language === DEFAULT_LANGUAGE.lcid && target === DESCRIPTION_TARGET) return { ...texts, description: text ?? '' };
  const { [language]: _previous, ...others } = textsOf(texts.translations, target);
  const values = text === null ? others : { ...others, [language]: text };
  const { [target]: _values, ...rest } = texts.translations;
  return { ...texts, translations: Object.keys(values).length === 0 ? rest : { ...rest, [target]: values } };
}

function invalidOperation(operation: TranslationOperation, reason: string): AppError {
  return new AppError('invalid', `Invalid operation '${operation.op}' on ${operation.path}: ${reason}.`);
}
