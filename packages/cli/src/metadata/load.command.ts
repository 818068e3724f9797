import type { Command } from 'commander';
import { addConnectionOptions, clientOf, getConnection, type OptionValues } from '../connection/connection-options.ts';
import type { CommandContext } from '../context.ts';
import { counting, openSource } from './byte-stream.ts';

export function addLoadCommand(program: Command, context: CommandContext): void {
  const command = program
    .command('load')
    .argument('<file>', 'NDJSON file, - for standard input')
    .summary('load objects in bulk')
    .description('Loads projects and objects from NDJSON lines into a server, all or none. Needs an administrator.');
  addConnectionOptions(command, 'server');
  command.option('--json', 'print one JSON document at the end');
  command.action((file: string, values: OptionValues) => load(file, values, context));
}

async function load(file: string, values: OptionValues, { io, emit }: CommandContext): Promise<void> {
  const { url, credentials, user } = getConnection(io, values, 'server');
  const { bytes, total } = await openSource(io, file);
  const client = clientOf(io, url);
  await client.login(credentials, io.signal);
  emit({ kind: 'connected', side: 'server', url, user });
  const counted = counting(bytes, (done) => emit({ kind: 'bytes', label: 'Loading', done, total }));
  const result = await client.metadata.load(ReadableStream.from(counted), { signal: io.signal });
  emit({ kind: 'result', result: { command: 'load', server: url, ...result } });
  await client.logout(io.signal);
}
