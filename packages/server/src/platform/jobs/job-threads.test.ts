import { expect, onTestFinished, test } from 'vitest';
import { JobThreads, type TakenThread } from './job-threads.ts';

interface Taken extends TakenThread<string> {
  /** Which thread it is; fails when it is lost. */
  readonly id: Promise<number>;
}

function startThreads(): { readonly threads: JobThreads<string, number>; readonly take: () => Taken } {
  const threads = new JobThreads<string, number>(new URL('./job-threads.fixture.ts', import.meta.url), null);
  onTestFinished(() => threads.close());
  return {
    threads,
    take: () => {
      const { promise: id, resolve, reject } = Promise.withResolvers<number>();
      // Not every test asks which one it is.
      id.catch(() => undefined);
      const thread = threads.take({ answered: resolve, lost: () => reject(new Error('the thread is lost')) });
      return { ...thread, id };
    },
  };
}

const ask = (taken: Taken): Promise<number> => {
  taken.post('which');
  return taken.id;
};

test('a thread that was given back is taken by whoever needs one next, and only then', async () => {
  const { take } = startThreads();
  const first = take();
  const second = take();
  const [firstId, secondId] = [await ask(first), await ask(second)];
  expect(secondId).not.toBe(firstId);
  second.giveBack();
  expect(await ask(take())).toBe(secondId);
  first.giveBack();
  expect(await ask(take())).toBe(firstId);
});

test('a thread that was started before there was a job is there for the first one, whoever has it', async () => {
  const { threads, take } = startThreads();
  threads.start();
  threads.start();
  const [first, second] = [take(), take()];
  // Threads are numbered as they are started.
  expect(await ask(second)).toBe((await ask(first)) + 1);
});

test('whoever has a thread that ends hears of it, and the next one gets another', async () => {
  const { take } = startThreads();
  const lost = take();
  lost.post('exit');
  await expect(lost.id).rejects.toThrow('the thread is lost');
  lost.giveBack();
  expect(await ask(take())).toBeGreaterThan(0);
});

test('closing ends the threads that are at work', async () => {
  const { threads, take } = startThreads();
  const taken = take();
  await threads.close();
  await expect(taken.id).rejects.toThrow('the thread is lost');
});
