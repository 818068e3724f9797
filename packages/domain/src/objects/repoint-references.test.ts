import { expect, it } from 'vitest';
import { repointReferences } from './repoint-references.ts';

it('leads references to new ids, in very long lists, too', () => {
  const objects = Array.from({ length: 130_000 }, () => ({ objectId: 'OLD' }));
  const { definition } = repointReferences({ definition: { objects }, uses: [] }, new Map([['OLD', 'NEW']]));
  expect(new Set(JSON.stringify(definition['objects']).match(/OLD|NEW/g))).toEqual(new Set(['NEW']));
});
