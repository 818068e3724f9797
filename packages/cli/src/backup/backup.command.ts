import { resolve } from 'node:path';
import type { Command } from 'commander';
import type { CommandContext } from '../context.ts';
import { backUp } from './back-up.ts';

export function addBackupCommand(program: Command, { io }: CommandContext): void {
  program
    .command('backup')
    .summary('copy the databases of a server, which may be running')
    .description(
      'Copies the SQLite databases of a data folder into another folder, each as it was at one moment, and checks the ' +
        'copies. Copy the shared file store after it. A PostgreSQL database is copied with pg_dump.',
    )
    .requiredOption('--data <folder>', 'folder of the databases')
    .requiredOption('--to <folder>', 'folder of this backup; it must hold none yet')
    .action(async ({ data, to }: { data: string; to: string }) => {
      for (const { file, bytes } of await backUp(resolve(io.cwd, data), resolve(io.cwd, to))) {
        io.stdout.write(`${file}  ${bytes} bytes\n`);
      }
    });
}
