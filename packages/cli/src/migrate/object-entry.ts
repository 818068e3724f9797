import type { TocEntry } from '@longshore/client';
import { CONFLICT_ACTIONS, parseObjectId } from '@longshore/domain';
import { InvalidArgumentError } from 'commander';

const FORM = /^([^:+]*):([^:+]*)(?::([^:+]*))?(\+deps)?$/;

/**
 * Reads one `--object`: `ID:TYPE[:action][+deps]`, e.g. `8D679D5111D3E4981000E787EC6DE8A4:12:replace+deps`.
 * @throws InvalidArgumentError that says which part is wrong
 */
export function parseObjectEntry(text: string): TocEntry {
  const match = FORM.exec(text);
  if (!match) throw new InvalidArgumentError('Expected ID:TYPE[:action][+deps], e.g. 8D67…E8A4:12:replace+deps.');
  const [, idText = '', typeText = '', actionText, deps] = match;
  const id = parseObjectId(idText);
  if (id === undefined) throw new InvalidArgumentError(`"${idText}" is no object id; expected 32 hex digits.`);
  const type = /^\d{1,6}$/.test(typeText) ? Number(typeText) : 0;
  if (type === 0) throw new InvalidArgumentError(`"${typeText}" is no object type; expected a number such as 12.`);
  const action = CONFLICT_ACTIONS.find((candidate) => candidate === actionText);
  if (actionText !== undefined && action === undefined) {
    throw new InvalidArgumentError(`"${actionText}" is no conflict rule; known are ${CONFLICT_ACTIONS.join(', ')}.`);
  }
  return { id, type, ...(action === undefined ? {} : { action }), includeDependents: deps !== undefined };
}
