import { expect, it } from 'vitest';
import { anId, anIncoming } from '../../test/builders.ts';
import { decidingOrder } from './order-rows.ts';

it('puts a folder after the one that holds it, in very deep trees, too', () => {
  const depth = 130_000;
  const rows = Array.from({ length: depth }, (_, at) => ({
    incoming: anIncoming({ id: anId(at + 1), type: 8, parentId: anId(at + 2) }),
    existing: null,
  }));
  expect(decidingOrder(rows)).toEqual([...rows.keys()].toReversed());
});
