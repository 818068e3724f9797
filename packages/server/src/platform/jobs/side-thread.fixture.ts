import { AppError } from '@longshore/contracts';
import { serveSideThread, type SideWork } from './serve-side-thread.ts';

/** A thread for the tests of `SideThread`: doubles numbers, and fails as it is told to. */
const work: SideWork<{ readonly bytes: Uint8Array<ArrayBuffer> } | string, Uint8Array> = async (request) => {
  if (request === 'exit') process.exit(1);
  if (request === 'refuse') throw new AppError('tooLarge', 'too large for a test');
  if (typeof request === 'string') throw new TypeError(request);
  const result = request.bytes.map((value) => value * 2);
  return { result, handedOver: [result.buffer] };
};

serveSideThread(work);
