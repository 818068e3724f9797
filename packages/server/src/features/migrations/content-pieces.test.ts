import { expect, it } from 'vitest';
import { ContentPieceWriter, contentPiece, contentText, pieceText } from './content-pieces.ts';
import type { ContentEntry } from './migration-jobs.ts';

const entries = (from: number, to: number): ContentEntry[] =>
  Array.from({ length: to - from }, (_, at) => ({
    id: `${from + at}`,
    name: 'Revenue',
    type: 4,
    action: 'replace',
    includeDependents: false,
    explicitIncluded: true,
    level: 'project_object',
  }));

it('keeps the order of what is added, in pieces of bounded size, also of very many entries at a time', () => {
  const writer = new ContentPieceWriter();
  writer.add(entries(0, 130_000));
  writer.add(entries(130_000, 130_010));
  writer.addPiece(contentPiece(entries(130_010, 130_020)));
  const pieces = writer.finish();
  const read = JSON.parse(contentText(pieces)) as ContentEntry[];
  expect(read.map(({ id }) => id)).toEqual(entries(0, 130_020).map(({ id }) => id));
  const sizes = pieces.map((piece) => (JSON.parse(`[${pieceText(piece)}]`) as ContentEntry[]).length);
  expect(sizes.every((size) => size > 0 && size <= 500)).toBe(true);
});
