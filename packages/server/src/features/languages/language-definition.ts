import { AppError } from '@longshore/contracts';
import { parseObjectId, type JsonObject, type JsonValue } from '@longshore/domain';
import { nameValue, textValue, unknownField, type Operation } from '../users/operations.ts';

/** How dates and times are written in a language, by the length of the interval. */
export const TIME_INTERVAL = {
  minutes15: 'h:mm AM/PM',
  minutes30: 'h:mm AM/PM',
  hour: 'h:mm AM/PM',
  day: 'M/d',
  week: 'M/d',
  hourOfDay: 'h:mm AM/PM',
  month: 'MMM',
  quarter: 'qqq',
  year: 'yyyy',
} as const;
export type TimeInterval = { -readonly [K in keyof typeof TIME_INTERVAL]: string };

const LONGEST_FORMAT = 100;

export const isJsonObject = (value: JsonValue | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The formats that a language's definition sets, and the usual ones for the rest. */
export function timeIntervalOf(definition: JsonObject): TimeInterval {
  const settings = definition['formattingSettings'];
  const stored = isJsonObject(settings) ? settings['timeInterval'] : undefined;
  const formats: TimeInterval = { ...TIME_INTERVAL };
  for (const key of Object.keys(TIME_INTERVAL) as (keyof TimeInterval)[]) {
    const format = isJsonObject(stored) ? stored[key] : undefined;
    if (typeof format === 'string') formats[key] = format;
  }
  return formats;
}

/** A language as it is changed: what of it stands outside its definition, and the definition. */
export interface LanguageContent {
  readonly name: string;
  readonly description: string;
  readonly definition: JsonObject;
}

/** @throws AppError `invalid` for a path that is none, or a value that cannot be */
export function changeLanguage(before: LanguageContent, operations: readonly Operation[]): LanguageContent {
  let content = before;
  for (const operation of operations) content = changeOnce(content, operation);
  return content;
}

function changeOnce(content: LanguageContent, operation: Operation): LanguageContent {
  switch (operation.field) {
    case 'name':
      return { ...content, name: nameValue(operation) };
    case 'description':
      return { ...content, description: textValue(operation) };
    case 'interfaceLanguage': {
      const { interfaceLanguageId: _before, ...rest } = content.definition;
      if (operation.op === 'remove') return { ...content, definition: rest };
      return { ...content, definition: { ...rest, interfaceLanguageId: requireId(operation) } };
    }
    default:
      throw unknownField(operation, ['name', 'description', 'interfaceLanguage']);
  }
}

function requireId(operation: Operation): string {
  const id = parseObjectId(textValue(operation));
  if (id !== undefined) return id;
  throw new AppError('invalid', `operationList: the value of /${operation.field} must be an id of 32 hex digits.`);
}

/** @throws AppError `invalid` for a path that is none, or a format that is no text of 1 to 100 characters */
export function changeFormats(definition: JsonObject, operations: readonly Operation[]): JsonObject {
  const timeInterval = timeIntervalOf(definition);
  for (const operation of operations) {
    const key = Object.keys(TIME_INTERVAL).find(
      (name) => operation.field === `formattingSettings/timeInterval/${name}`,
    );
    if (key === undefined) {
      throw unknownField(
        operation,
        Object.keys(TIME_INTERVAL).map((name) => `formattingSettings/timeInterval/${name}`),
      );
    }
    const known = key as keyof TimeInterval;
    const format = operation.op === 'remove' ? TIME_INTERVAL[known] : nameValue(operation);
    if (format.length > LONGEST_FORMAT) {
      throw new AppError('invalid', `operationList: /${operation.field} has at most ${LONGEST_FORMAT} characters.`);
    }
    timeInterval[known] = format;
  }
  return { ...definition, formattingSettings: { timeInterval } };
}
