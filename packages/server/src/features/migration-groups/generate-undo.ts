import { AppError } from '@longshore/contracts';

/**
 * Whether undo packages are wanted: the query says so, or the header of that name, which some documentation has instead
 * (spec/api.md 6.12). Without either they are.
 * @throws AppError `invalid` for a header that is neither true nor false.
 */
export function readGenerateUndo(query: boolean | undefined, header: string | string[] | undefined): boolean {
  if (query !== undefined) return query;
  const word = [header ?? 'true'].flat().at(-1)?.trim().toLowerCase();
  if (word === 'true' || word === 'false') return word === 'true';
  throw new AppError('invalid', `The header generateUndo is '${word ?? ''}', and must be true or false.`);
}
