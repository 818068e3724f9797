import { Ajv } from 'ajv';
import type { FastifySchemaCompiler } from 'fastify';

/**
 * Bodies are taken as they are: a number where a text is expected is an error, not a text. Query strings and path
 * parameters are text by nature and are converted to what their schema says.
 */
const bodies = new Ajv({ allErrors: false, coerceTypes: false, useDefaults: true, strict: false });
const texts = new Ajv({ allErrors: false, coerceTypes: true, useDefaults: true, strict: false });

export const validatorCompiler: FastifySchemaCompiler<object> = ({ schema, httpPart }) =>
  (httpPart === 'body' ? bodies : texts).compile(withSafeIntegers(schema));

/** A number that JavaScript and SQLite can count with; one beyond is refused, not rounded. */
const SAFE = { minimum: Number.MIN_SAFE_INTEGER, maximum: Number.MAX_SAFE_INTEGER } as const;

function withSafeIntegers(schema: object): object {
  return JSON.parse(JSON.stringify(schema), (_key, value: unknown) =>
    isInteger(value) ? { ...SAFE, ...value } : value,
  ) as object;
}

const isInteger = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && 'type' in value && value.type === 'integer';
