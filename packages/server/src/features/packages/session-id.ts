import { AppError } from '@longshore/contracts';
import { CONFIGURATION_SCOPE, parseObjectId } from '@longshore/domain';

/** What an id of this API is made of: `<projectId>:<guid>`, base64 (spec/api.md 1.10). */
export interface SessionKey {
  /** Null stands for the configuration, which has an id of its own on the wire. */
  readonly projectId: string | null;
  readonly guid: string;
}

export function toSessionId({ projectId, guid }: SessionKey): string {
  return Buffer.from(`${projectId ?? CONFIGURATION_SCOPE}:${guid}`, 'latin1').toString('base64');
}

/** Reads an id; undefined when it is none. */
export function parseSessionId(text: string): SessionKey | undefined {
  const parts = Buffer.from(text, 'base64').toString('latin1').split(':');
  const projectId = parseObjectId(parts[0] ?? '');
  const guid = parseObjectId(parts[1] ?? '');
  if (!projectId || !guid || parts.length !== 2) return undefined;
  return { projectId: projectId === CONFIGURATION_SCOPE ? null : projectId, guid };
}

/** 404 in words of our own: the text of an unknown endpoint would make clients believe the feature is missing. */
export function holderNotFound(id: string): AppError {
  return new AppError(
    'notFound',
    `The package with id ${id.slice(0, 150)} is not found in this session. Packages go with the session that made them.`,
  );
}

export function importNotFound(id: string): AppError {
  return new AppError(
    'notFound',
    `The import with id ${id.slice(0, 150)} is not found in this session. Imports go with the session that made them.`,
  );
}
