import {
  CONFIGURATION_SCOPE,
  linksForProject,
  linkTargetsOf,
  projectLinksOf,
  type JsonObject,
  type LinkTarget,
  type PackageEntry,
} from '@longshore/domain';
import type { ObjectLines } from '@longshore/package-file';
import type { Executor } from '../../../platform/db/database.ts';
import type { MetadataTables } from '../../../platform/db/metadata-schema.ts';
import { bodyHash } from '../../../platform/hash.ts';
import type { Freeze, FrozenPart } from '../create/freeze-object.ts';
import { packageSource } from '../create/package-source.repository.ts';
import { linkBodyText } from './link-body.ts';

/** Freezes the links of users and groups with a project. Nothing else of them leaves the source. */
export function linkFreezer(snapshot: Executor<MetadataTables>, projectId: string): Freeze {
  const configuration = packageSource(snapshot, CONFIGURATION_SCOPE);
  const project = packageSource(snapshot, projectId);
  return async (batch) => {
    const principals = batch.map((part) => {
      const definition = JSON.parse(part.object.definition) as JsonObject;
      const links = linksForProject(projectLinksOf(definition, projectId), projectId);
      return { part, links, targets: linkTargetsOf(links) };
    });
    const targets = principals.flatMap((principal) => principal.targets);
    const idsAt = (level: LinkTarget['level']) => targets.filter((t) => t.level === level).map((t) => t.id);
    const names = new Map(
      [
        ...(await configuration.loadHeaders(idsAt('configuration'))).values(),
        ...(await project.loadHeaders(idsAt('project'))).values(),
      ].map((header) => [header.id, header.name]),
    );
    return principals.map(({ part, links, targets }) => {
      const known = targets.flatMap(({ id }): [string, string][] => {
        const name = names.get(id);
        return name === undefined ? [] : [[id, name]];
      });
      return linkLines(part, linkBodyText({ links, names: Object.fromEntries(known) }), targets);
    });
  };
}

/** The header names the user or group, and has nothing of what it is beyond its links. */
function linkLines({ entry, object }: FrozenPart, body: string, targets: readonly LinkTarget[]): ObjectLines {
  const header: PackageEntry = {
    role: 'content',
    action: entry.choice.action,
    absent: false,
    id: object.id,
    type: object.type,
    subtype: object.subtype,
    name: object.name,
    description: '',
    abbreviation: '',
    parentId: null,
    ownerId: object.ownerId,
    version: object.version,
    dateCreated: object.dateCreated,
    dateModified: object.dateModified,
    hidden: object.hidden === 1,
    acl: [],
    references: targets.map(({ id, type }) => ({ id, type })),
    bodyHash: bodyHash(body, '{}', '[]'),
    contactsHash: null,
    translations: '{}',
    uses: '[]',
  };
  return { header: JSON.stringify(header), body };
}
