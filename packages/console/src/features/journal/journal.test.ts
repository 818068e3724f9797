import { describe, expect, it } from 'vitest';
import { readJournalSearch } from './journal-search.ts';
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

  it('tells what was done in numbers', () => {
    expect(resultText({ counts: { create: 1200, keep: 5, delete: 1 } })).toBe('Create 1,200, Delete 1');
    expect([resultText({}), resultText({ counts: null }), resultText({ counts: { create: 'x' } })]).toEqual([
      '',
      '',
      '',
    ]);
  });
});
