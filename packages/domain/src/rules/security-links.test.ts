import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anId } from '../../test/builders.ts';
import type { JsonObject } from '../objects/metadata-object.ts';
import { CONFLICT_ACTIONS } from './actions.ts';
import {
  decideLinks,
  isSameLinks,
  linksForProject,
  linkTargetsOf,
  projectLinksOf,
  withProjectLinks,
} from './security-links.ts';

const [HERE, THERE, ROLE, OTHER_ROLE, FILTER] = [anId(1), anId(2), anId(11), anId(12), anId(21)];
const EARLY = '2020-01-01T00:00:00.000+0000';
const LATE = '2021-01-01T00:00:00.000+0000';
const ann: JsonObject = {
  username: 'ann',
  securityRoles: [
    { projectId: HERE, roleId: ROLE },
    { projectId: THERE, roleId: OTHER_ROLE },
  ],
  securityFilters: [{ projectId: HERE.toLowerCase(), filterId: FILTER }],
  preferences: 'none',
};
const roles = (...ids: string[]) => ({ securityRoles: ids.map((roleId) => ({ projectId: HERE, roleId })) });

describe('the links of a user with a project', () => {
  it('are those that name the project, whatever the letter case', () => {
    expect(projectLinksOf(ann, HERE)).toEqual({
      securityRoles: [{ projectId: HERE, roleId: ROLE }],
      securityFilters: [{ projectId: HERE.toLowerCase(), filterId: FILTER }],
    });
    expect(projectLinksOf({}, HERE)).toEqual({});
  });

  it('can be those with another project', () => {
    expect(linksForProject(projectLinksOf(ann, HERE), THERE)).toEqual({
      securityRoles: [{ projectId: THERE, roleId: ROLE }],
      securityFilters: [{ projectId: THERE, filterId: FILTER }],
    });
  });

  it('are set without touching links with other projects, or anything else', () => {
    expect(withProjectLinks(ann, HERE, roles(OTHER_ROLE))).toEqual({
      username: 'ann',
      securityRoles: [
        { projectId: THERE, roleId: OTHER_ROLE },
        { projectId: HERE, roleId: OTHER_ROLE },
      ],
      securityFilters: [],
      preferences: 'none',
    });
    expect(withProjectLinks({ username: 'bob' }, HERE, {})).toEqual({ username: 'bob' });
  });

  it('lead to roles and connections in the configuration, to filters and folders in the project', () => {
    const links = {
      ...projectLinksOf(ann, HERE),
      connectionMaps: [{ projectId: HERE, dataSourceId: anId(31), connectionId: anId(32), name: 'x' }],
      profileFolders: [{ projectId: HERE, folderId: anId(41) }],
      preferences: [{ projectId: HERE, startPageId: anId(51) }],
    };
    expect(linkTargetsOf(links).map(({ id, type, level }) => [id, type, level])).toEqual([
      [ROLE, 44, 'configuration'],
      [FILTER, 58, 'project'],
      [anId(31), null, 'configuration'],
      [anId(32), null, 'configuration'],
      [anId(41), 8, 'project'],
    ]);
  });

  it('survive being set again, for any definition', () => {
    const link = fc.record({ projectId: fc.constantFrom(HERE, THERE), roleId: fc.constantFrom(ROLE, OTHER_ROLE) });
    fc.assert(
      fc.property(fc.array(link), (securityRoles) => {
        const definition = { securityRoles };
        const again = withProjectLinks(definition, HERE, projectLinksOf(definition, HERE));
        expect(isSameLinks(projectLinksOf(again, HERE), projectLinksOf(definition, HERE))).toBe(true);
        expect(projectLinksOf(again, THERE)).toEqual(projectLinksOf(definition, THERE));
      }),
    );
  });
});

describe('decideLinks', () => {
  const meeting = (incoming: string[], existing: string[], isLater = true) => ({
    incoming: incoming.length > 0 ? roles(...incoming) : {},
    existing: existing.length > 0 ? roles(...existing) : {},
    dates: { incoming: isLater ? LATE : EARLY, existing: EARLY },
  });

  it.each([
    ['use_existing', [OTHER_ROLE], [OTHER_ROLE]],
    ['replace', [ROLE], [ROLE]],
    ['force_replace', [ROLE], [ROLE]],
    ['keep_both', [OTHER_ROLE, ROLE], [OTHER_ROLE, ROLE]],
    ['use_newer', [ROLE], [OTHER_ROLE]],
    ['use_older', [OTHER_ROLE], [ROLE]],
    ['delete', [], []],
  ] as const)('%s, when the target has links', (action, whenLater, otherwise) => {
    const expected = (ids: readonly string[]) => (ids.length > 0 ? roles(...ids) : {});
    expect(decideLinks(action, meeting([ROLE], [OTHER_ROLE])).links).toEqual(expected(whenLater));
    expect(decideLinks(action, meeting([ROLE], [OTHER_ROLE], false)).links).toEqual(expected(otherwise));
  });

  it.each(CONFLICT_ACTIONS.filter((action) => action !== 'delete'))('%s, when the target has none', (action) => {
    expect(decideLinks(action, meeting([ROLE], [], false)).links).toEqual(roles(ROLE));
  });

  it('keep_both adds nothing that is there, and no second set of preferences', () => {
    const preferences = (page: string) => ({ preferences: [{ projectId: HERE, page }] });
    const both = { incoming: preferences('source'), existing: preferences('target'), dates: meeting([], []).dates };
    expect(decideLinks('keep_both', both).links).toEqual(preferences('target'));
    expect(decideLinks('keep_both', meeting([ROLE], [ROLE])).links).toEqual(roles(ROLE));
  });
});
