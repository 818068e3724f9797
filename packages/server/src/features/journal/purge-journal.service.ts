import { AppError, type ChangeJournalPurge } from '@longshore/contracts';
import { parseObjectId } from '@longshore/domain';
import { wireDateOfSecond } from '../../platform/clock.ts';
import type { Caller } from '../../platform/http/access.ts';
import type { Platform } from '../../platform/platform.ts';
import { projectRepository } from '../projects/projects.repository.ts';
import { parseJournalDate } from './journal-date.ts';
import { journalPurge } from './journal-purge.repository.ts';
import { journalWriter } from './journal.repository.ts';

/**
 * Takes entries out of the change journal (spec/api.md 2.14): those of some projects or all of them, before a moment or
 * up to now. One line for each import and each undo stays, without what it did to single objects: after a crash it is
 * the proof of what was committed. The purge itself is journalled.
 * @throws AppError `missing` without projects, `invalid` for one that does not exist or a date that is none
 */
export function createPurgeJournal({ metadata, clock }: Platform) {
  return async (caller: Caller, request: ChangeJournalPurge): Promise<void> => {
    const scopes = request.purgeAllProjects === true ? null : idsOf(request['projects.id'] ?? []);
    const before = request.timestamp === undefined ? null : parseJournalDate(request.timestamp);
    await metadata.write(async (tx) => {
      for (const id of scopes ?? []) {
        if (!(await projectRepository(tx).find(id)))
          throw new AppError('notFound', `There is no project with the id ${id}.`);
      }
      const removed = await journalPurge(tx).remove({ scopes, before });
      await journalWriter(tx).record({
        kind: 'purge',
        user: { id: caller.user.id, name: caller.user.name },
        date: wireDateOfSecond(clock.now()),
        ...(request.comment === undefined ? {} : { comment: request.comment }),
        summary: { removed, ...(scopes === null ? {} : { projects: scopes }), ...(before === null ? {} : { before }) },
        entries: [],
      });
    });
  };
}

function idsOf(texts: readonly string[]): string[] {
  if (texts.length === 0) {
    throw new AppError('missing', 'The parameter projects.id is required, unless purgeAllProjects is true.');
  }
  return texts.map((text) => {
    const id = parseObjectId(text);
    if (id === undefined) throw new AppError('invalid', `Invalid value: projects.id ${text} must be 32 hex digits.`);
    return id;
  });
}
