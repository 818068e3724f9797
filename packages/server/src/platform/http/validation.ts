import { Ajv, type AnySchemaObject, type ValidateFunction } from 'ajv';
import type { FastifySchemaCompiler } from 'fastify';

/**
 * Bodies are taken as they are: a number where a text is expected is an error, not a text. Query strings and path
 * parameters are text by nature and are converted to what their schema says.
 */
const bodies = new Ajv({ allErrors: false, coerceTypes: false, useDefaults: true, strict: false });
const texts = new Ajv({ allErrors: false, coerceTypes: true, useDefaults: true, strict: false });

/** Compiled functions by the text of their schema, apart for bodies and texts. Bounded by the schemas in the code. */
const compiled = { bodies: new Map<string, ValidateFunction>(), texts: new Map<string, ValidateFunction>() };

/**
 * Compiles a schema when the first request comes for it, and once for all routes that have it: every route stands under
 * two prefixes, and compiling all of them before the server listens took most of the time of a start.
 */
export const validatorCompiler: FastifySchemaCompiler<object> = ({ schema, httpPart }) => {
  const isBody = httpPart === 'body';
  const [ajv, known] = isBody ? [bodies, compiled.bodies] : [texts, compiled.texts];
  let validate: ValidateFunction | undefined;
  return (data: unknown) => {
    validate ??= compileOnce(ajv, known, schema);
    if (validate(data)) return true;
    // The errors hang on the function, which other routes share; whoever called gets those of this call.
    return { error: (validate.errors ?? []) as never };
  };
};

function compileOnce(ajv: Ajv, known: Map<string, ValidateFunction>, schema: object): ValidateFunction {
  const text = JSON.stringify(withSafeIntegers(schema));
  const validate = known.get(text) ?? ajv.compile(JSON.parse(text) as AnySchemaObject);
  known.set(text, validate);
  return validate;
}

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
