import { AppError } from '@longshore/contracts';
import { expect, test } from 'vitest';
import { createLog, describeError } from './server-log.ts';

const SECRET = 'a-secret-that-nobody-may-read';

function aLog() {
  const lines: string[] = [];
  const log = createLog({ name: 'dev', level: 'trace' }, { write: (line) => void lines.push(line) });
  return { log, lines };
}

test.each<[string, object]>([
  ['a body', { body: { username: 'ann', password: SECRET } }],
  ['settings', { adminPassword: SECRET, sharedFileStore: { awsSecretKey: SECRET, azureSecretKey: SECRET } }],
  ['headers', { req: { headers: { 'x-mstr-authtoken': SECRET, authorization: SECRET, cookie: SECRET } } }],
  ['a header alone', { 'x-mstr-authtoken': SECRET }],
  ['a place with its keys', { place: { kind: 's3', credentials: { accessKeyId: 'AKIA', secretAccessKey: SECRET } } }],
  ['an order of a job', { order: { storage: { credentials: { secretAccessKey: SECRET } } } }.order],
  ['an error with an address', { err: new Error(`connect postgres://longshore:${SECRET}@db/longshore failed`) }],
  ['an error with more than its message', { err: Object.assign(new Error('refused'), { request: { SECRET } }) }],
  [
    'an error whose cause has it',
    { err: new AppError('internal', 'no', { cause: new Error(`postgres://u:${SECRET}@h`) }) },
  ],
])('%s is logged without its secrets', (_case, fields) => {
  const { log, lines } = aLog();
  log.error(fields, 'something happened');
  expect(lines).toHaveLength(1);
  expect(lines[0]).toContain('something happened');
  expect(lines[0]).not.toContain(SECRET);
});

test('of an error everything is logged that helps to find its cause', () => {
  const cause = Object.assign(new Error('no space left'), { code: 'ENOSPC', $metadata: { httpStatusCode: 507 } });
  expect(describeError(new AppError('storageMisconfigured', 'cannot write', { cause }))).toEqual({
    type: 'AppError',
    message: 'cannot write',
    code: 'ERR001',
    stack: expect.stringContaining('server-log.test'),
    cause: { type: 'Error', message: 'no space left', code: 'ENOSPC', status: 507, stack: expect.any(String) },
  });
  expect(describeError('a text')).toEqual({ type: 'string', message: 'a text' });
});

test('an error that is its own cause ends', () => {
  const error: Error & { cause?: unknown } = new Error('round and round');
  error.cause = error;
  expect(JSON.stringify(describeError(error)).match(/round and round/g)?.length).toBeGreaterThan(1);
});
