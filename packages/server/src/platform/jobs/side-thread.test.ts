import { AppError } from '@longshore/contracts';
import { expect, onTestFinished, test } from 'vitest';
import { SideThread } from './side-thread.ts';

type Request = { readonly bytes: Uint8Array<ArrayBuffer> } | string;

function startThread(): SideThread<Request, Uint8Array> {
  const thread = new SideThread<Request, Uint8Array>(new URL('./side-thread.fixture.ts', import.meta.url), null);
  onTestFinished(() => thread.close());
  return thread;
}

test('answers come in the order of the questions, and bytes are handed over', async () => {
  const thread = startThread();
  const questions = [1, 2, 3].map((value) => Uint8Array.of(value, 10 * value));
  const answers = questions.map((bytes) => thread.ask({ bytes }, [bytes.buffer]));
  expect(thread.waiting).toBe(3);
  expect(questions.map(({ length }) => length)).toEqual([0, 0, 0]);
  expect(await Promise.all(answers)).toEqual([Uint8Array.of(2, 20), Uint8Array.of(4, 40), Uint8Array.of(6, 60)]);
  expect(thread.waiting).toBe(0);
});

test('an expected error comes as such, a defect with its cause, and the thread goes on', async () => {
  const thread = startThread();
  const [refused, failed, done] = [
    thread.ask('refuse'),
    thread.ask('a defect'),
    thread.ask({ bytes: Uint8Array.of(4) }),
  ];
  await expect(refused).rejects.toEqual(new AppError('tooLarge', 'too large for a test'));
  await expect(failed).rejects.toThrow(/TypeError: a defect/);
  expect(await done).toEqual(Uint8Array.of(8));
});

test('what waits for a thread that ends fails, and so does what is asked later', async () => {
  const thread = startThread();
  const [ended, after] = [thread.ask('exit'), thread.ask({ bytes: Uint8Array.of(1) })];
  await expect(ended).rejects.toThrow('has ended');
  await expect(after).rejects.toThrow('has ended');
  await expect(thread.ask('late')).rejects.toThrow('has ended');
});

test('a closed thread answers nothing', async () => {
  const thread = startThread();
  const asked = thread.ask({ bytes: Uint8Array.of(1) });
  await Promise.all([thread.close(), expect(asked).rejects.toThrow('has ended')]);
});
