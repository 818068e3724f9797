import { Ajv } from 'ajv';
import type { FastifySchemaCompiler } from 'fastify';

/**
 * Bodies are taken as they are: a number where a text is expected is an error, not a text. Query strings and path
 * parameters are text by nature and are converted to what their schema says.
 */
const bodies = new Ajv({ allErrors: false, coerceTypes: false, useDefaults: true, strict: false });
const texts = new Ajv({ allErrors: false, coerceTypes: true, useDefaults: true, strict: false });

export const validatorCompiler: FastifySchemaCompiler<object> = ({ schema, httpPart }) =>
  (httpPart === 'body' ? bodies : texts).compile(withSafeIntegers(schema) as object);

/**
 * Bounds every integer to those that are exact. Larger ones pass as integers in JSON Schema, but are none to a database,
 * which would fail on them in the middle of the request.
 */
function withSafeIntegers(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(withSafeIntegers);
  if (schema === null || typeof schema !== 'object') return schema;
  const copy = Object.fromEntries(Object.entries(schema).map(([name, value]) => [name, withSafeIntegers(value)]));
  if (copy['type'] !== 'integer') return copy;
  return { minimum: Number.MIN_SAFE_INTEGER, maximum: Number.MAX_SAFE_INTEGER, ...copy };
}
