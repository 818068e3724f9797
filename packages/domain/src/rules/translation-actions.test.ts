import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../objects/metadata-object.ts';
import { mergeTranslations, TRANSLATION_ACTIONS } from './translation-actions.ts';

const NAME = '1:0:';
const existing = { [NAME]: { '1031': 'Ziel', '1036': 'Cible' }, '2:1:': { '1033': 'target text', '1031': 'Text' } };
const incoming = { [NAME]: { '1031': 'Quelle', '3082': 'Fuente' }, '2:1:': { '1033': 'source text' } };

describe('mergeTranslations', () => {
  it.each([
    ['not_merged', { '1031': 'Ziel', '1036': 'Cible' }],
    ['use_existing', { '1031': 'Ziel', '1036': 'Cible', '3082': 'Fuente' }],
    ['replace', { '1031': 'Quelle', '1036': 'Cible', '3082': 'Fuente' }],
    ['force_replace', { '1031': 'Quelle', '1036': 'Cible', '3082': 'Fuente' }],
  ] as const)('%s', (action, name) => {
    const merged = mergeTranslations(action, existing, incoming);
    expect(merged).toEqual({ [NAME]: name, '2:1:': { '1033': 'source text', '1031': 'Text' } });
  });

  it('takes the default language from the object, also where the object has no text of that kind any more', () => {
    expect(mergeTranslations('not_merged', { '2:1:': { '1033': 'gone' } }, {})).toEqual({});
  });

  it('takes a text that is no map of languages for none', () => {
    expect(mergeTranslations('use_existing', { [NAME]: 'broken' }, incoming)).toEqual(incoming);
  });

  const texts = fc.dictionary(
    fc.constantFrom(NAME, '1:2:', '2:1:'),
    fc.dictionary(fc.constantFrom('1031', '1033', '1036'), fc.constantFrom('a', 'b'), { minKeys: 1 }),
  ) as fc.Arbitrary<JsonObject>;

  it('changes nothing when it is done again', () => {
    fc.assert(
      fc.property(fc.constantFrom(...TRANSLATION_ACTIONS), texts, texts, (action, before, offered) => {
        const once = mergeTranslations(action, before, offered);
        expect(mergeTranslations(action, once, offered)).toEqual(once);
      }),
    );
  });

  it('loses no language that either side has, but for not_merged', () => {
    const languages = (value: JsonObject): string[] =>
      Object.entries(value).flatMap(([target, map]) =>
        Object.keys(map as JsonObject).flatMap((lcid) => (lcid === '1033' ? [] : [`${target} ${lcid}`])),
      );
    fc.assert(
      fc.property(texts, texts, (before, offered) => {
        for (const action of ['use_existing', 'replace'] as const) {
          const merged = new Set(languages(mergeTranslations(action, before, offered)));
          expect(merged).toEqual(new Set([...languages(before), ...languages(offered)]));
        }
        expect(new Set(languages(mergeTranslations('not_merged', before, offered)))).toEqual(
          new Set(languages(before)),
        );
      }),
    );
  });
});
