import { ConnectionError } from '@longshore/client';
import type { Command } from 'commander';
import { addConnectionOptions, clientOf, getConnection, type OptionValues } from '../connection/connection-options.ts';
import type { CommandContext } from '../context.ts';
import { bytesText, counted } from '../output/results.ts';
import { counting, writeOutput } from './byte-stream.ts';

export function addDumpCommand(program: Command, context: CommandContext): void {
  const command = program
    .command('dump')
    .summary('write all objects as NDJSON')
    .description(
      'Writes the objects of a project, or of the whole environment, one a line. The same content gives the same bytes. ' +
        'Needs an administrator.',
    )
    .option('--project <id>', 'only this project')
    .option('--output <file>', 'file to write; absent: standard output');
  addConnectionOptions(command, 'server');
  command.action((values: OptionValues) => dump(values, context));
}

async function dump(values: OptionValues, { io }: CommandContext): Promise<void> {
  const { url, credentials } = getConnection(io, values, 'server');
  const client = clientOf(io, url);
  await client.login(credentials, io.signal);
  const projectId = textOf(values['project']);
  const output = textOf(values['output']);
  const stream = await client.metadata.dump({ projectId, signal: io.signal });
  const totals = { lines: 0, bytes: 0 };
  await writeOutput(
    io,
    counting(countingLines(received(stream, url), totals), (b) => (totals.bytes = b)),
    output,
  );
  await client.logout(io.signal);
  const where = output === undefined ? '' : ` to ${output}`;
  io.stderr.write(`Dumped ${counted(totals.lines, 'line')}, ${bytesText(totals.bytes)}${where}.\n`);
}

/** A connection that breaks in the middle is no defect of the command. */
async function* received(stream: ReadableStream<Uint8Array>, url: string): AsyncGenerator<Uint8Array> {
  try {
    yield* stream;
  } catch (error) {
    if (error instanceof Error && error.name === 'AbortError') throw error;
    throw new ConnectionError(url, `${url} broke off the dump; nothing of it can be used. Try again.`, error);
  }
}

const NEWLINE = 10;

async function* countingLines(bytes: AsyncIterable<Uint8Array>, totals: { lines: number }): AsyncGenerator<Uint8Array> {
  for await (const chunk of bytes) {
    for (let at = chunk.indexOf(NEWLINE); at >= 0; at = chunk.indexOf(NEWLINE, at + 1)) totals.lines += 1;
    yield chunk;
  }
}

const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);
