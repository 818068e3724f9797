import { AppError } from '@longshore/contracts/errors';
import type { JsonObject } from '@longshore/domain';
import type { Executor } from '../../platform/db/database.ts';
import type { MetadataTables } from '../../platform/db/metadata-schema.ts';
import { credentialRepository } from './credential.repository.ts';
import { hashPassword } from './passwords.ts';

const LONGEST_PASSWORD = 1024;

/** @throws AppError `invalid` for a password that cannot be set. */
export function checkNewPassword(password: string): void {
  if (password === '') {
    throw new AppError(
      'invalid',
      'A password must not be empty. Leave it out for a user who does not log in with one.',
    );
  }
  if (password.length > LONGEST_PASSWORD) {
    throw new AppError('invalid', `A password has at most ${LONGEST_PASSWORD} characters.`);
  }
}

/** Gives a user a password inside a unit of work. Hashing takes a tenth of a second and holds up the transaction. */
export async function loadCredential(tx: Executor<MetadataTables>, userId: string, password: string): Promise<void> {
  checkNewPassword(password);
  await credentialRepository(tx).put(userId, { passwordHash: await hashPassword(password), mustChange: false });
}

/** Splits the write-only password off a user's definition, so that it is never stored, dumped or packed. */
export function withoutPassword(definition: JsonObject): { definition: JsonObject; password: string | undefined } {
  const { password, ...rest } = definition;
  return { definition: rest, password: typeof password === 'string' ? password : undefined };
}
