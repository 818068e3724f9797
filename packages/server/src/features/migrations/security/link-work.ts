import { CONFIGURATION_SCOPE } from '@longshore/domain';
import type { ImportWork, ImportWorkInput } from '../import/import-work.ts';
import { linkWrites } from './link-writes.repository.ts';
import { planLinks } from './plan-links.ts';

/**
 * Imports the links of users and groups with a project (spec/api.md 4.3). They stand in the definitions of the users
 * and groups, so that the configuration is written, although the package is about a project.
 */
export function linkWork(input: ImportWorkInput): ImportWork {
  return {
    scope: CONFIGURATION_SCOPE,
    async plan(tx, now) {
      const plan = await planLinks(tx, input, now);
      return { ...plan, notes: [], schemaProjectId: null, apply: () => linkWrites(tx).apply() };
    },
  };
}
