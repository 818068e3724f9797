import { parseObjectId } from '@longshore/domain';
import type { ProjectPlan } from '@longshore/samples';
import { InvalidArgumentError, Option, type Command } from 'commander';
import type { CommandContext } from '../context.ts';
import { counted } from '../output/results.ts';
import { writeOutput } from './byte-stream.ts';

const RELATIONSHIPS = ['none', 'pairs'] as const;
const MOST_OBJECTS = 4_294_967_295;

interface GenerateValues extends Omit<ProjectPlan, 'projectId'> {
  readonly project?: string;
  readonly output?: string;
}

export function addGenerateCommand(program: Command, context: CommandContext): void {
  program
    .command('generate')
    .summary('make up a project of any size')
    .description('Writes a made-up project as NDJSON lines for longshore load. The same numbers give the same project.')
    .requiredOption('--objects <number>', 'how many objects, folders among them', wholeNumber(1, MOST_OBJECTS))
    .option('--seed <number>', 'which one of the many projects of that size', wholeNumber(0), 1)
    .option('--variant <number>', 'another state of the same project: same ids, other versions', wholeNumber(0), 0)
    .addOption(
      new Option('--relationships <kind>', 'pairs: every second attribute and the one before it name each other')
        .choices(RELATIONSHIPS)
        .default('none'),
    )
    .option('--project <id>', 'id of the project; absent: it follows from the seed', projectId)
    .option('--name <name>', 'name of the project')
    .option('--output <file>', 'file to write; absent: standard output')
    .action((values: GenerateValues) => generate(values, context));
}

async function generate({ project, output, ...plan }: GenerateValues, { io, services }: CommandContext): Promise<void> {
  const lines = await services.generateProject({ ...plan, ...(project === undefined ? {} : { projectId: project }) });
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
  (smallest: number, largest = Number.MAX_SAFE_INTEGER) =>
  (text: string): number => {
    const number = /^\d+$/.test(text) ? Number(text) : Number.NaN;
    if (number >= smallest && number <= largest) return number;
    throw new InvalidArgumentError(`Expected a whole number from ${smallest} to ${largest}.`);
  };

function projectId(text: string): string {
  const id = parseObjectId(text);
  if (id === undefined) throw new InvalidArgumentError('Expected 32 hex digits.');
  return id;
}
