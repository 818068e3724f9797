import type { TSchema } from 'typebox';

/** The parts of a schema that say where a null may stand. */
interface Shape {
  readonly type?: string;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly anyOf?: readonly Shape[];
  readonly properties?: Readonly<Record<string, Shape>>;
  readonly required?: readonly string[];
  readonly items?: Shape;
}

/**
 * Clients write `null` for a field they have no value for (spec/mstrio-surface.md 3): such a field is taken as if it
 * were not there, unless its schema says what null means. Works in place; a required field stays, and is refused.
 */
export function dropNulls(value: unknown, schema: TSchema | undefined): void {
  if (schema) walk(value, schema);
}

function walk(value: unknown, shape: Shape): void {
  if (value === null || typeof value !== 'object') return;
  for (const branch of shape.anyOf ?? []) walk(value, branch);
  if (!Array.isArray(value)) walkFields(value as Record<string, unknown>, shape);
  else if (shape.items) for (const element of value) walk(element, shape.items);
}

function walkFields(fields: Record<string, unknown>, shape: Shape): void {
  for (const [name, field] of Object.entries(shape.properties ?? {})) {
    if (!Object.hasOwn(fields, name)) continue;
    if (fields[name] !== null) walk(fields[name], field);
    else if (!acceptsNull(field) && !(shape.required ?? []).includes(name)) delete fields[name];
  }
}

function acceptsNull({ type, enum: words, anyOf, ...rest }: Shape): boolean {
  if (anyOf) return anyOf.some(acceptsNull);
  if (words) return words.includes(null);
  if (type === undefined) return !('const' in rest) || rest.const === null;
  return type === 'null';
}
