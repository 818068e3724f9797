import { AppError, type LoginRequest } from '@longshore/contracts';

/** What a client asked for when it logged in; reported back by GET /sessions. */
export interface SessionSettings {
  readonly workingSet: number;
  readonly maxSearch: number;
  readonly metadataLocale: string;
  readonly warehouseDataLocale: string;
  readonly displayLocale: string;
  readonly messagesLocale: string;
  readonly numberLocale: string;
  readonly timeZone: string;
}

export const DEFAULT_SETTINGS: SessionSettings = {
  workingSet: 10,
  maxSearch: 3,
  metadataLocale: 'en_us',
  warehouseDataLocale: 'en_us',
  displayLocale: 'en_us',
  messagesLocale: 'en_us',
  numberLocale: 'en_us',
  timeZone: 'UTC',
};

const SMALLEST_WORKING_SET = 3;

/**
 * The settings of a login, defaults filled in; a form sends empty texts for what it leaves out.
 * @throws AppError `invalid` naming the field that cannot be read.
 */
export function settingsOf(request: LoginRequest): SessionSettings {
  const workingSet = integerOf('workingSet', request.workingSet) ?? DEFAULT_SETTINGS.workingSet;
  if (workingSet < SMALLEST_WORKING_SET) {
    throw new AppError('invalid', `workingSet must be at least ${SMALLEST_WORKING_SET}.`);
  }
  return {
    workingSet,
    maxSearch: integerOf('maxSearch', request.maxSearch) ?? DEFAULT_SETTINGS.maxSearch,
    metadataLocale: request.metadataLocale || DEFAULT_SETTINGS.metadataLocale,
    warehouseDataLocale: request.warehouseDataLocale || DEFAULT_SETTINGS.warehouseDataLocale,
    displayLocale: request.displayLocale || DEFAULT_SETTINGS.displayLocale,
    messagesLocale: request.messagesLocale || DEFAULT_SETTINGS.messagesLocale,
    numberLocale: request.numberLocale || DEFAULT_SETTINGS.numberLocale,
    timeZone: request.timeZone || DEFAULT_SETTINGS.timeZone,
  };
}

/**
 * Reads a whole number that JSON may hold as a number and a form holds as text; undefined when it is left out.
 * @throws AppError `invalid` naming the field.
 */
export function integerOf(field: string, value: number | string | undefined): number | undefined {
  if (value === undefined || value === '') return undefined;
  const number = typeof value === 'number' ? value : Number(value.trim());
  if (!Number.isSafeInteger(number)) throw new AppError('invalid', `${field} must be a whole number.`);
  return number;
}

export function parseSettings(text: string): SessionSettings {
  return { ...DEFAULT_SETTINGS, ...(JSON.parse(text) as Partial<SessionSettings>) };
}

/** Windows language numbers of the locales that clients use most; anything else is reported as English. */
const LOCALE_NUMBERS: Readonly<Record<string, number>> = {
  en_us: 1033,
  en_gb: 2057,
  de_de: 1031,
  fr_fr: 1036,
  es_es: 3082,
  it_it: 1040,
  pt_br: 1046,
  nl_nl: 1043,
  sv_se: 1053,
  da_dk: 1030,
  pl_pl: 1045,
  ja_jp: 1041,
  ko_kr: 1042,
  zh_cn: 2052,
  zh_tw: 1028,
};

export function localeNumber(locale: string): number {
  return LOCALE_NUMBERS[locale.toLowerCase().replace('-', '_')] ?? 1033;
}
