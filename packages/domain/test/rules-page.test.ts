import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { renderRules } from '../../../scripts/render-rules.ts';
import { CONFLICT_ACTIONS } from '../src/index.ts';

describe('docs/rules.md', () => {
  it('says what the tables say; run `node scripts/render-rules.ts` after changing them', () => {
    const committed = readFileSync(new URL('../../../docs/rules.md', import.meta.url), 'utf8');
    expect(committed).toBe(renderRules());
  });

  it('has a row for every rule and no broken table', () => {
    const lines = renderRules().split('\n');
    for (const action of CONFLICT_ACTIONS) {
      expect(
        lines.filter((line) => new RegExp(`^\\| \`${action}\` \\| \`(create|skip)\` \\|`).test(line)),
      ).toHaveLength(1);
    }
    let columns = 0;
    for (const line of lines) {
      const cells = line.startsWith('|') ? line.split('|').length : 0;
      if (cells > 0 && columns > 0) expect(cells, line).toBe(columns);
      columns = cells;
    }
  });
});
