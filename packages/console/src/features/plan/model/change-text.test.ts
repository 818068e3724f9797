import { describe, expect, it } from 'vitest';
import { rightsText } from '../../../format/index.ts';
import { folderText, pathText, valueText } from './change-text.ts';

describe('what a change says', () => {
  it('names bundles of rights, and the rights of other masks', () => {
    expect([255, 199, 69, 5, undefined].map(rightsText)).toEqual([
      'Full control',
      'View',
      'Consume',
      'browse, read',
      '',
    ]);
  });

  it('shows texts as they are, and the rest as JSON', () => {
    expect(valueText('a\nb')).toBe('a\nb');
    expect(valueText({ a: 1 })).toBe('{\n  "a": 1\n}');
    expect([valueText(undefined), valueText(null)]).toEqual(['', 'null']);
  });

  it('shows the nearest folders of a path', () => {
    expect(['', '/A', '/A/B', '/A/B/C/D'].map(folderText)).toEqual(['', 'A', 'A › B', '… › C › D']);
  });

  it('reads JSON pointers', () => {
    expect([pathText('/forms/0/a~1b'), pathText('')]).toEqual(['forms › 0 › a/b', '']);
  });
});
