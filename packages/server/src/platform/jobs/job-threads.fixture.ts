import { parentPort, threadId } from 'node:worker_threads';

/** A thread for the tests of `JobThreads`: tells which one it is, or ends. */
parentPort?.on('message', (request: string) => {
  if (request === 'exit') process.exit(1);
  parentPort?.postMessage(threadId);
});
