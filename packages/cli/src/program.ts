import { Command } from 'commander';
import { addBackupCommand } from './backup/backup.command.ts';
import type { CommandContext } from './context.ts';
import { addDbCommand } from './db/db.command.ts';
import { addDemoCommand } from './demo/demo.command.ts';
import { EXIT_CODE_HELP } from './exit-codes.ts';
import { addDumpCommand } from './metadata/dump.command.ts';
import { addGenerateCommand } from './metadata/generate.command.ts';
import { addLoadCommand } from './metadata/load.command.ts';
import { addCancelCommand } from './migrate/cancel.command.ts';
import { addCertifyCommand } from './migrate/certify.command.ts';
import { addMigrateCommand } from './migrate/migrate.command.ts';
import { addUndoCommand } from './migrate/migrate-undo.command.ts';
import { addValidateCommand } from './migrate/validate.command.ts';
import { addPlanCommand } from './plan/plan.command.ts';
import { addServeCommand } from './serve/serve.command.ts';
import { addWorkerCommand } from './serve/worker.command.ts';
import { addStartCommand } from './start/start.command.ts';
import { version } from './version.ts';

/** The commands; running one throws what went wrong instead of ending the process. */
export function createProgram(context: CommandContext): Command {
  const { stdout, stderr } = context.io;
  const program = new Command('longshore')
    .description('Moves packages of metadata objects between environments over the Library API.')
    .version(version)
    .enablePositionalOptions()
    .exitOverride()
    .showHelpAfterError('Add --help for the options of the command.')
    .configureOutput({
      writeOut: (text) => stdout.write(text),
      writeErr: (text) => stderr.write(text),
      getOutHelpWidth: () => stdout.columns ?? 100,
      getErrHelpWidth: () => stderr.columns ?? 100,
      getOutHasColors: () => false,
      getErrHasColors: () => false,
    })
    .addHelpText('after', EXIT_CODE_HELP);
  addServeCommand(program, context);
  addWorkerCommand(program, context);
  addStartCommand(program, context);
  addBackupCommand(program, context);
  addDemoCommand(program, context);
  addMigrateCommand(program, context);
  addPlanCommand(program, context);
  addValidateCommand(program, context);
  addCertifyCommand(program, context);
  addUndoCommand(program, context);
  addCancelCommand(program, context);
  addLoadCommand(program, context);
  addDumpCommand(program, context);
  addGenerateCommand(program, context);
  addDbCommand(program, context);
  return program;
}
