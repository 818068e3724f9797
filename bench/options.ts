import { parseArgs } from 'node:util';

export interface BenchOptions {
  /** Sizes of the project, one after another. */
  readonly sizes: readonly number[];
  /** Names of the cases to run; empty means all. */
  readonly only: readonly string[];
  /** Where the results go as JSON; undefined means nowhere. */
  readonly json: string | undefined;
  readonly runs: number;
  /** Folder for the data; it needs about 12 KB an object. */
  readonly folder: string | undefined;
}

const DEFAULT_OBJECTS = '10000';
const DEFAULT_RUNS = '3';

/** @throws Error for what is no option of the benchmark */
export function readOptions(args: readonly string[]): BenchOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      objects: { type: 'string', default: DEFAULT_OBJECTS },
      only: { type: 'string', multiple: true, default: [] },
      json: { type: 'string' },
      runs: { type: 'string', default: DEFAULT_RUNS },
      folder: { type: 'string' },
    },
  });
  return {
    sizes: values.objects.split(',').map((text) => wholeNumber('--objects', text)),
    only: values.only.flatMap((text) => text.split(',')),
    json: values.json,
    runs: wholeNumber('--runs', values.runs),
    folder: values.folder,
  };
}

function wholeNumber(option: string, text: string): number {
  const number = Number(text);
  if (Number.isSafeInteger(number) && number > 0) return number;
  throw new Error(`${option} ${text} is not a whole number above 0.`);
}
