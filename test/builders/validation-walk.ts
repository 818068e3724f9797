import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ValidationFile } from '@longshore/contracts';
import { validationPath } from '../../packages/server/src/platform/files/store-path.ts';
import { storeBytes } from './held-runner.ts';
import { TUTORIAL, type Answer, type AnswerBody, type Call, type TestEnvironment } from './migration-environment.ts';
import { created, read, type Part } from './migration-walk.ts';

const pathOf = (id: string): string => {
  const [packageId = '', importId = ''] = id.split(':');
  return validationPath(packageId, importId);
};

/** A package that is created on the source, and its record as the target is sent it. */
export async function validatable(
  source: TestEnvironment,
  target: TestEnvironment,
  packageInfo: Part = {},
): Promise<AnswerBody> {
  return read(source, await created(source, target.id, packageInfo), '?showContent=all');
}

/** The PUT on the target. */
export function validate(target: TestEnvironment, body: AnswerBody, call: Call = {}): Promise<Answer> {
  const project = body.packageInfo.type === 'configuration' ? {} : { project: TUTORIAL };
  return target.call('PUT', `/migrations/${body.id}/validation`, { body, ...project, ...call });
}

/** The PATCH on the source. */
export function askValidation(source: TestEnvironment, id: string, call: Call = {}): Promise<Answer> {
  return source.call('PATCH', `/migrations/${id}`, { body: { validation: { status: 'validating' } }, ...call });
}

export async function validationOf(source: TestEnvironment, id: string): Promise<AnswerBody['validation']> {
  return (await read(source, id)).validation;
}

/** The status file as it lies in the store. */
export async function statusFile(environment: TestEnvironment, id: string): Promise<ValidationFile> {
  return JSON.parse(await readFile(join(environment.storage, pathOf(id)), 'utf8')) as ValidationFile;
}

/** A status file as another server may write it. */
export async function putStatusFile(environment: TestEnvironment, id: string, content: object | string): Promise<void> {
  const text = typeof content === 'string' ? content : JSON.stringify(content);
  await storeBytes(environment.files, pathOf(id), text);
}
