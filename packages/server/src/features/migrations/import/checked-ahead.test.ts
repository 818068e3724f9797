import { ChunkLines } from '@longshore/package-file/chunk-lines';
import type { PackageTotals } from '@longshore/package-file';
import { expect, it } from 'vitest';
import { CheckedChunk } from './checked-chunk.ts';
import { checkedAhead } from './checked-ahead.ts';
import { EntryFactsBuilder } from './entry-facts.ts';
import type { EntryChecker } from './entry-checker.ts';

const TOTALS: PackageTotals = { bytes: 1, objects: 1, rawBytes: 1, digest: '' };

const chunkOf = (bytes: number): ChunkLines =>
  ChunkLines.split('objects/000001.ndjson.zst', Buffer.concat([Buffer.alloc(bytes, 'a'), Buffer.from('\na\n')]));

/** A file of chunks of these sizes, of which the last may be followed by an error, and a note of when it was closed. */
function fileOf(sizes: readonly number[], end: Error | null = null) {
  const file = { read: 0, isClosed: false };
  async function* chunks(): AsyncGenerator<ChunkLines, PackageTotals, undefined> {
    try {
      for (const size of sizes) {
        file.read += 1;
        yield chunkOf(size);
      }
      if (end) throw end;
      return TOTALS;
    } finally {
      file.isClosed = true;
    }
  }
  return { file, chunks: chunks() };
}

/** Counts the chunks that are asked for; the chunk with the number in `faults` fails. */
function checkerOf(faults: ReadonlyMap<number, Error> = new Map()): EntryChecker & { asked: number } {
  return {
    asked: 0,
    async check(lines) {
      this.asked += 1;
      const fault = faults.get(this.asked);
      if (fault) throw fault;
      return new CheckedChunk(lines, new EntryFactsBuilder(0).build());
    },
  };
}

async function taken(source: AsyncGenerator<CheckedChunk, PackageTotals, undefined>): Promise<number | string> {
  let count = 0;
  try {
    for (;;) {
      const next = await source.next();
      if (next.done === true) return count;
      count += 1;
    }
  } catch (error) {
    return `${count}, then ${(error as Error).message}`;
  }
}

it('gives every chunk, and then the totals', async () => {
  for (const count of [0, 1, 2, 3, 7]) {
    const { file, chunks } = fileOf(Array.from({ length: count }, () => 10));
    expect(await taken(checkedAhead(chunks, checkerOf()))).toBe(count);
    expect(file.isClosed).toBe(true);
  }
});

it('has two chunks checked ahead of the one that is worked on', async () => {
  const { chunks } = fileOf([10, 10, 10, 10, 10, 10]);
  const checker = checkerOf();
  const source = checkedAhead(chunks, checker);
  await source.next();
  expect(checker.asked).toBe(3);
  await source.next();
  expect(checker.asked).toBe(4);
  await source.return(undefined as never);
});

it('has nothing ahead of a chunk of one large object', async () => {
  const { file, chunks } = fileOf([10, 5_000_000, 10, 10]);
  const checker = checkerOf();
  const source = checkedAhead(chunks, checker);
  const asked: number[] = [];
  for (let n = 0; n < 2; n += 1) {
    await source.next();
    asked.push(checker.asked);
  }
  expect(asked).toEqual([2, 2]);
  expect(file.read).toBe(2);
  await source.return(undefined as never);
});

it('tells what is wrong in the order of the file', async () => {
  const cut = new Error('cut');
  expect(await taken(checkedAhead(fileOf([10, 10, 10], cut).chunks, checkerOf()))).toBe('3, then cut');
  const faults = new Map([
    [2, new Error('second')],
    [3, new Error('third')],
  ]);
  expect(await taken(checkedAhead(fileOf([10, 10, 10], cut).chunks, checkerOf(faults)))).toBe('1, then second');
});

it('closes the file when it is left early, and when a chunk is wrong', async () => {
  const left = fileOf([10, 10, 10, 10, 10]);
  const source = checkedAhead(left.chunks, checkerOf());
  await source.next();
  await source.return(undefined as never);
  expect(left.file.isClosed).toBe(true);
  const wrong = fileOf([10, 10, 10, 10, 10]);
  await taken(checkedAhead(wrong.chunks, checkerOf(new Map([[1, new Error('first')]]))));
  expect(wrong.file.isClosed).toBe(true);
});
