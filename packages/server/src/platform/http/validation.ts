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

/** The checks of requests to one app. */
export interface RequestValidation {
  /**
   * Compiles a schema when the first request comes for it, and once for all routes that have it: every route stands under
   * two prefixes, and compiling all of them before the server listens took most of the time of a start.
   */
  readonly compiler: FastifySchemaCompiler<object>;
  /**
   * Compiles what no request has come for yet, while the server answers: one schema at a time, most within few
   * milliseconds. The first request of a kind then does not wait for it.
   */
  compileInTurns(): void;
}

const PAUSE_MS = 1;

export function requestValidation(): RequestValidation {
  const notCompiled: (() => void)[] = [];
  const compileInTurns = (): void => {
    const compile = notCompiled.pop();
    if (!compile) return;
    try {
      compile();
    } catch {
      // The first request for it is told what is wrong with it.
    }
    setTimeout(compileInTurns, PAUSE_MS).unref();
  };
  return {
    compileInTurns,
    compiler({ schema, httpPart }) {
      const [ajv, known] = httpPart === 'body' ? [bodies, compiled.bodies] : [texts, compiled.texts];
      let validate: ValidateFunction | undefined;
      const compile = (): ValidateFunction => (validate ??= compileOnce(ajv, known, schema));
      notCompiled.push(compile);
      return (data: unknown) => {
        const check = compile();
        if (check(data)) return true;
        // The errors hang on the function, which other routes share; whoever called gets those of this call.
        return { error: (check.errors ?? []) as never };
      };
    },
  };
}

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
