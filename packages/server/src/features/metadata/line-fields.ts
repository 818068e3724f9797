import { isKnownSubtype, parseObjectId, parseWireDate, type JsonObject, type JsonValue } from '@longshore/domain';

/** What is wrong with one field of a line; the line's number is added by whoever counts lines. */
export class FieldError extends Error {
  readonly field: string;

  constructor(field: string, problem: string) {
    super(problem);
    this.name = 'FieldError';
    this.field = field;
  }
}

/** A JSON object of a line; every read checks the field's form. An absent field is `undefined`. */
export class Fields {
  readonly #fields: JsonObject;
  readonly #prefix: string;

  /** @throws FieldError for a field that is not one of `known` */
  constructor(fields: JsonObject, known: ReadonlySet<string>, prefix = '') {
    this.#fields = fields;
    this.#prefix = prefix;
    for (const name in fields) {
      if (!known.has(name)) throw new FieldError(prefix + name, 'is not a field of the load format');
    }
  }

  has(name: string): boolean {
    return this.#fields[name] !== undefined;
  }

  isNull(name: string): boolean {
    return this.#fields[name] === null;
  }

  text(name: string): string | undefined {
    const value = this.#fields[name];
    if (value === undefined) return undefined;
    if (typeof value !== 'string') throw this.#error(name, 'must be a text');
    if (value.includes('\0') || !value.isWellFormed())
      throw this.#error(name, 'must be a well-formed text without NUL');
    return value;
  }

  name(name: string): string | undefined {
    const value = this.text(name);
    if (value !== undefined && (value.trim() === '' || value.length > MAX_NAME)) {
      throw this.#error(name, `must have 1 to ${MAX_NAME} characters`);
    }
    return value;
  }

  /** An id in any letter case, in stored form. */
  id(name: string): string | undefined {
    const value = this.#fields[name];
    if (value === undefined) return undefined;
    const id = typeof value === 'string' ? parseObjectId(value) : undefined;
    if (id === undefined) throw this.#error(name, 'must be an id of 32 hex digits');
    return id;
  }

  date(name: string): string | undefined {
    const value = this.#fields[name];
    if (value === undefined) return undefined;
    const date = typeof value === 'string' ? parseWireDate(value) : undefined;
    if (date === undefined) {
      throw this.#error(name, 'must be a UTC date such as 2021-03-04T03:53:09.000+0000');
    }
    return date;
  }

  boolean(name: string): boolean | undefined {
    const value = this.#fields[name];
    if (value === undefined || typeof value === 'boolean') return value;
    throw this.#error(name, 'must be true or false');
  }

  integer(name: string): number | undefined {
    const value = this.#fields[name];
    if (value === undefined) return undefined;
    if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return value;
    throw this.#error(name, 'must be a whole number');
  }

  object(name: string): JsonObject | undefined {
    const value = this.#fields[name];
    if (value === undefined || isJsonObject(value)) return value;
    throw this.#error(name, 'must be a JSON object');
  }

  /** The elements of a list of objects, each with its position in the field's name. */
  list(name: string, known: ReadonlySet<string>): Fields[] | undefined {
    const value = this.#fields[name];
    if (value === undefined) return undefined;
    if (!Array.isArray(value)) throw this.#error(name, 'must be a list');
    return value.map((element, index) => {
      const path = `${this.#prefix}${name}[${index}]`;
      if (!isJsonObject(element)) throw new FieldError(path, 'must be a JSON object');
      return new Fields(element, known, `${path}.`);
    });
  }

  /** @throws FieldError always */
  refuse(name: string, problem: string): never {
    throw this.#error(name, problem);
  }

  #error(name: string, problem: string): FieldError {
    return new FieldError(this.#prefix + name, problem);
  }
}

const MAX_NAME = 1000;

export const isJsonObject = (value: JsonValue | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** True when the subtype belongs to the type, whether or not the type table lists it. */
export const isSubtypeOf = (type: number, subtype: number): boolean =>
  subtype >> 8 === type || isKnownSubtype(type, subtype);
