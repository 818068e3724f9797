import { Ajv } from 'ajv';
import type { FastifySchemaCompiler } from 'fastify';

/**
 * Bodies are taken as they are: a number where a text is expected is an error, not a text. Query strings and path
 * parameters are text by nature and are converted to what their schema says.
 */
const bodies = new Ajv({ allErrors: false, coerceTypes: false, useDefaults: true, strict: false });
const texts = new Ajv({ allErrors: false, coerceTypes: true, useDefaults: true, strict: false });

export const validatorCompiler: FastifySchemaCompiler<object> = ({ schema, httpPart }) =>
  (httpPart === 'body' ? bodies : texts).compile(schema);
