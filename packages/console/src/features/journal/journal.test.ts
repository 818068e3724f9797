import { describe, expect, it } from 'vitest';
import { journalQueryOf, readJournalSearch } from './journal-search.ts';
import { changeCounts, untouchedOf, versionText } from './changes.ts';
import { resultText } from './entry-text.ts';

describe('the journal', () => {
  it('reads its address, and leaves out what cannot be', () => {
    expect(readJournalSearch({ kind: 'import', objectId: 'A', offset: 100 })).toEqual({
      kind: 'import',
      objectId: 'A',
      offset: 100,
    });
    expect(readJournalSearch({ kind: 7, objectId: '', offset: -1, other: 'x' })).toEqual({});
  });

  it('asks for a migration by its package and its import, or by the package alone', () => {
    expect(journalQueryOf(readJournalSearch({ migration: 'P:I', at: 'https://prod' }))).toEqual({
      packageId: 'P',
      importId: 'I',
    });
    expect(journalQueryOf({ migration: 'P' })).toEqual({ packageId: 'P' });
    expect(journalQueryOf({ kind: 'undo', offset: 100 })).toEqual({ kind: 'undo', offset: 100 });
  });

  it('counts the objects in words that fit what was done', () => {
    const counts = { create: 3, update: 2, move: 0, delete: 1 };
    const wordsOf = (kind: string): string[] =>
      changeCounts(kind, counts).map(({ label, count }) => `${label} ${count}`);
    expect(wordsOf('import')).toEqual(['deleted 1', 'replaced 2', 'created 3']);
    expect(wordsOf('undo')).toEqual(['removed again 1', 'brought back 2', 'restored 3']);
    expect(wordsOf('update')).toEqual(['deleted 1', 'changed 2', 'created 3']);
    expect([untouchedOf({ counts: { keep: 5, skip: 1, create: 9 } }), untouchedOf({ counts: {} })]).toEqual([6, 0]);
    expect(untouchedOf({ message: '' })).toBeNull();
    expect([versionText('AABBCCDD'.repeat(4)), versionText(undefined)]).toEqual(['AABBCCDD', 'not there']);
  });

  it('tells what was done in numbers', () => {
    expect(resultText({ counts: { create: 1200, keep: 5, delete: 1 } })).toBe('Create 1,200, Delete 1');
    expect([resultText({}), resultText({ counts: null }), resultText({ counts: { create: 'x' } })]).toEqual([
      '',
      '',
      '',
    ]);
  });
});
