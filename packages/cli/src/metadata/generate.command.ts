import { InvalidArgumentError, type Command } from 'commander';
import type { CommandContext } from '../context.ts';
import { counted } from '../output/results.ts';
import { writeOutput } from './byte-stream.ts';

interface GenerateValues {
  readonly objects: number;
  readonly seed: number;
  readonly output?: string;
}

export function addGenerateCommand(program: Command, context: CommandContext): void {
  program
    .command('generate')
    .summary('make up a project of any size')
    .description('Writes a made-up project as NDJSON lines for longshore load. The same numbers give the same project.')
    .requiredOption('--objects <number>', 'how many objects', wholeNumber(1))
    .option('--seed <number>', 'which one of the many projects of that size', wholeNumber(0), 1)
    .option('--output <file>', 'file to write; absent: standard output')
    .action((values: GenerateValues) => generate(values, context));
}

async function generate({ objects, seed, output }: GenerateValues, { io, services }: CommandContext): Promise<void> {
  const lines = await services.generateProject({ objects, seed });
  const totals = { lines: 0 };
  await writeOutput(io, chunks(lines, totals), output);
  io.stderr.write(`Generated ${counted(totals.lines, 'line')}${output === undefined ? '' : ` into ${output}`}.\n`);
}

const CHUNK_CHARACTERS = 256 * 1024;

/** Lines in pieces large enough that writing them costs little. */
async function* chunks(lines: Iterable<string>, totals: { lines: number }): AsyncGenerator<Uint8Array> {
  let parts: string[] = [];
  let length = 0;
  for (const line of lines) {
    totals.lines += 1;
    parts.push(line.endsWith('\n') ? line : `${line}\n`);
    length += line.length;
    if (length < CHUNK_CHARACTERS) continue;
    yield Buffer.from(parts.join(''));
    parts = [];
    length = 0;
  }
  if (parts.length > 0) yield Buffer.from(parts.join(''));
}

const wholeNumber =
  (smallest: number) =>
  (text: string): number => {
    const number = /^\d+$/.test(text) ? Number(text) : Number.NaN;
    if (Number.isSafeInteger(number) && number >= smallest) return number;
    throw new InvalidArgumentError(`Expected a whole number of at least ${smallest}.`);
  };
