import { describe, expect, it } from 'vitest';
import { bytesText, countText, dateText, durationText, shortDateText } from './format.ts';
import { ruleText, typeText } from './rules.ts';

describe('texts of values', () => {
  it.each([
    [undefined, ''],
    [0, '0 B'],
    [1023, '1,023 B'],
    [1536, '1.5 KB'],
    [20 * 2 ** 20, '20 MB'],
    [5 * 2 ** 40, '5,120 GB'],
  ])('%s bytes are %s', (bytes, text) => expect(bytesText(bytes)).toBe(text));

  it.each([
    [0.4, 'under a second'],
    [59.4, '59 s'],
    [60, '1 min'],
    [190, '3 min 10 s'],
  ])('%s seconds are %s', (seconds, text) => expect(durationText(seconds)).toBe(text));

  it('dates that are none are empty, and the year is left out where it is this one', () => {
    expect([dateText(undefined), dateText('never')]).toEqual(['', '']);
    const now = new Date(2026, 5, 1);
    expect(shortDateText('2026-03-16T07:38:40.125+0000', now)).not.toContain('2026');
    expect(shortDateText('2022-03-16T07:38:40.125+0000', now)).toContain('2022');
  });

  it('counts are grouped; rules and types have their names', () => {
    expect(countText(10_000)).toBe('10,000');
    expect(ruleText('keep_both')).toContain('keep_both');
    expect([typeText(12), typeText(34, 8705), typeText(9999)]).toEqual(['Attribute', 'User group', 'Type 9999']);
  });
});
