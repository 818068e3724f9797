import { Command, InvalidArgumentError, Option } from 'commander';

export interface BenchOptions {
  /** Sizes of the project, one after another. */
  readonly sizes: readonly number[];
  /** Names of the cases to run; empty means all. */
  readonly only: readonly string[];
  /** Where the results go as JSON; undefined means nowhere. */
  readonly json: string | undefined;
  readonly runs: number;
  /** Folder for the data; it needs about 25 KB an object. */
  readonly folder: string | undefined;
}

/** What a script measures, and what it can be told besides how often and where. */
export interface BenchScript {
  /** As it is started. */
  readonly name: string;
  readonly description: string;
  /** What `--only` chooses from; absent where there is nothing to choose. */
  readonly choices?: readonly string[];
  readonly sizes: 'one' | 'several';
}

/** With fewer there are too few of each type for some cases; the id space of the generator holds more. */
const LEAST_OBJECTS = 1_000;
const MOST_OBJECTS = 10_000_000;
const MOST_RUNS = 100;

/** Reads the command line; ends the process with a line that says what is wrong with it, or with its help. */
export function readOptions({ name, description, choices, sizes }: BenchScript, args: readonly string[]): BenchOptions {
  const one = wholeNumber(LEAST_OBJECTS, MOST_OBJECTS);
  const command = new Command(name)
    .description(description)
    .addOption(
      new Option('--objects <number>', sizes === 'one' ? 'how many objects' : 'how many objects; several: 1000,10000')
        .default([10_000], '10000')
        .argParser((text) => (sizes === 'one' ? [one(text)] : text.split(',').map(one))),
    )
    .option('--runs <number>', 'how often each is run; the median counts', wholeNumber(1, MOST_RUNS), 3)
    .option('--folder <folder>', 'where data is kept meanwhile; absent: the folder of the system for that')
    .option('--json <file>', 'file for the results, written after each case')
    .allowExcessArguments(false);
  if (choices !== undefined) {
    command.addOption(
      new Option('--only <names>', `some of: ${choices.join(', ')}`).default([], 'all').argParser(namesOf(choices)),
    );
  }
  const { objects, only, ...others } = command.parse(args, { from: 'user' }).opts<{
    readonly objects: readonly number[];
    readonly runs: number;
    readonly only?: readonly string[];
    readonly folder?: string;
    readonly json?: string;
  }>();
  return { sizes: objects, only: only ?? [], runs: others.runs, json: others.json, folder: others.folder };
}

const wholeNumber =
  (smallest: number, largest: number) =>
  (text: string): number => {
    const number = Number(text);
    if (/^\d+$/.test(text) && number >= smallest && number <= largest) return number;
    throw new InvalidArgumentError(`Expected a whole number from ${smallest} to ${largest}.`);
  };

const namesOf =
  (choices: readonly string[]) =>
  (text: string, before: readonly string[]): readonly string[] => {
    const names = text.split(',');
    const unknown = names.filter((each) => !choices.includes(each));
    if (unknown.length > 0) throw new InvalidArgumentError(`There is no ${unknown.join(', ')}.`);
    return [...before, ...names];
  };
