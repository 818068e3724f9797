import { describe, expect, it } from 'vitest';
import { columnName, expression } from './expression.ts';
import { idOf, link } from './project-draft.ts';

const column = (name: string) => ({ type: 'column_reference', columnName: name, objectId: idOf('column', name) });

describe('expression', () => {
  it('binds products before sums, and equal operators from the left', () => {
    const { tree } = expression('[A] - [B] * [C] - 2', columnName);
    expect(tree).toEqual({
      type: 'operator',
      function: 'minus',
      children: [
        {
          type: 'operator',
          function: 'minus',
          children: [column('A'), { type: 'operator', function: 'times', children: [column('B'), column('C')] }],
        },
        { type: 'constant', variant: { type: 'double', value: '2' } },
      ],
    });
  });

  it('reads parentheses, calls and texts', () => {
    const { tree } = expression('ApplySimple("#0-14", ([A] + [B]) / [C])', columnName);
    expect(tree).toMatchObject({
      function: 'apply_simple',
      children: [
        { type: 'constant', variant: { type: 'string', value: '#0-14' } },
        { function: 'divide', children: [{ function: 'plus' }, column('C')] },
      ],
    });
  });

  it('points at an object with every name, function and operator', () => {
    const { tokens } = expression('Sum([Revenue]) / 2', (name) => link('fact', name));
    expect(tokens.filter((token) => 'target' in token).map((token) => token['target'])).toEqual([
      link('function', 'Sum'),
      link('fact', 'Revenue'),
      link('function', '/'),
    ]);
    expect(tokens.at(-1)).toMatchObject({ type: 'end_of_text' });
  });

  it.each(['[A] +', '([A]', '[A] ? [B]'])('refuses %s', (source) => {
    expect(() => expression(source, columnName)).toThrow(/formula/);
  });
});
