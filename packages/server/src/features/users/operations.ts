import { AppError, type OperationListRequest } from '@longshore/contracts';
import { findPrivilege, parseObjectId, parsePrivilege } from '@longshore/domain';

const OPS = ['add', 'replace', 'remove'] as const;
export type Op = (typeof OPS)[number];

/** One step of a PATCH: the field that its path names, and the value in whatever form the client sent it. */
export interface Operation {
  readonly op: Op;
  readonly field: string;
  readonly value: unknown;
}

/** @throws AppError `invalid` naming the step whose op or path cannot be read. */
export function parseOperations(request: OperationListRequest): Operation[] {
  return request.operationList.map(({ op, path, value }) => {
    const word = op.toLowerCase().replace(/elements?$/, '');
    const known = OPS.find((candidate) => candidate === word);
    if (!known) throw new AppError('invalid', `operationList: ${op} is no operation. Use add, replace or remove.`);
    if (!path.startsWith('/')) throw new AppError('invalid', `operationList: the path ${path} must begin with /.`);
    return { op: known, field: path.slice(1), value };
  });
}

export function unknownField(operation: Operation, fields: readonly string[]): AppError {
  const known = fields.map((field) => `/${field}`).join(', ');
  return new AppError('invalid', `operationList: the path /${operation.field} cannot be changed. Paths are ${known}.`);
}

/** A list after one step: added at the end without repeating, replaced, or without the removed. */
export function changeList<T>(current: readonly T[], op: Op, values: readonly T[]): T[] {
  if (op === 'remove') return current.filter((item) => !values.includes(item));
  return [...new Set(op === 'replace' ? values : [...current, ...values])];
}

/** @throws AppError `invalid` when the value is no text; removing a text empties it. */
export function textValue({ op, field, value }: Operation): string {
  if (op === 'remove') return '';
  if (typeof value !== 'string') throw new AppError('invalid', `operationList: the value of /${field} must be a text.`);
  return value;
}

/** A name, which must not be blank. */
export function nameValue(operation: Operation): string {
  const name = textValue(operation);
  if (name.trim() === '') throw new AppError('invalid', `operationList: /${operation.field} must not be empty.`);
  return name;
}

/** Clients write booleans as such or as text; removing a flag brings back its default, which is `whenRemoved`. */
export function flagValue({ op, field, value }: Operation, whenRemoved: boolean): boolean {
  if (op === 'remove') return whenRemoved;
  if (typeof value === 'boolean') return value;
  const text = typeof value === 'string' ? value.toLowerCase() : '';
  if (text !== 'true' && text !== 'false') {
    throw new AppError('invalid', `operationList: the value of /${field} must be true or false.`);
  }
  return text === 'true';
}

/** The ids of a value that is one id or a list of them, each as text or as `{id}`. */
export function idValues({ field, value }: Pick<Operation, 'field' | 'value'>): string[] {
  return [value].flat().map((item: unknown) => {
    const id = typeof item === 'object' && item !== null && 'id' in item ? item.id : item;
    const parsed = typeof id === 'string' ? parseObjectId(id) : undefined;
    if (parsed === undefined) throw new AppError('invalid', `${field}: every value must be an id of 32 hex digits.`);
    return parsed;
  });
}

/** The privileges of a value that is one privilege or a list; every number must be one of the table. */
export function privilegeValues({ field, value }: Pick<Operation, 'field' | 'value'>): number[] {
  return [value].flat().map((item: unknown) => {
    const id = parsePrivilege(item);
    if (id !== undefined && findPrivilege(id)) return id;
    throw new AppError(
      'invalid',
      `${field}: ${JSON.stringify(item)} is no privilege. GET /iserver/privileges lists them.`,
    );
  });
}
