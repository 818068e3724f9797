import type { TocEntry } from '@longshore/client';
import {
  ACL_ON_NEW,
  ACL_ON_REPLACING,
  CONFLICT_ACTIONS,
  SCHEMA_UPDATES,
  type AclOnNew,
  type AclOnReplacing,
  type ConflictAction,
  type SchemaUpdate,
} from '@longshore/domain';
import { InvalidArgumentError, Option, type Command } from 'commander';
import { addConnectionOptions } from '../connection/connection-options.ts';
import { parseObjectEntry } from './object-entry.ts';

export const MIGRATE_TYPES = ['project', 'configuration'] as const;

/** What to pack and where it goes, as commander gives it. */
export interface ContentValues {
  readonly type: (typeof MIGRATE_TYPES)[number];
  readonly project?: string;
  readonly targetProject?: string;
  readonly name?: string;
  readonly object?: readonly TocEntry[];
  readonly content?: string;
  readonly config?: string;
  readonly defaultAction?: ConflictAction;
  readonly aclReplacing?: AclOnReplacing;
  readonly aclNew?: readonly AclOnNew[];
  readonly updateSchema?: readonly SchemaUpdate[];
  readonly reuse?: string;
}

/** The options of `longshore migrate`, without those of the connections. */
export interface MigrateValues extends ContentValues {
  /** `--undo` true, `--no-undo` false, neither undefined. */
  readonly undo?: boolean;
  readonly keep?: boolean;
  readonly delete?: boolean;
  readonly plan?: boolean;
  readonly yes?: boolean;
  readonly allowDeletions?: number;
}

export function addMigrateOptions(command: Command): void {
  addConnectionOptions(command, 'source');
  addConnectionOptions(command, 'target');
  addContentOptions(command);
  command
    .option('--plan', 'show what the import would do, and ask before it is done')
    .addOption(new Option('--yes', 'with --plan: do not ask, import what is planned').implies({ plan: true }))
    .addOption(
      new Option('--allow-deletions <number>', 'with --yes: how many objects the import may delete, exactly').argParser(
        parseCount,
      ),
    )
    // This order: commander takes a lone `--no-undo` as "undo by default".
    .option('--undo', 'undo the import right after it: a rehearsal')
    .option('--no-undo', 'make no undo package: the import cannot be undone')
    .addOption(new Option('--delete', 'delete the package on both sides at the end').conflicts('keep'))
    .option('--keep', 'keep the package on both sides (the default)')
    .option('--json', 'print one JSON document at the end; progress goes to standard error');
}

export function addContentOptions(command: Command): void {
  const list = 'may be repeated';
  command
    .addOption(new Option('--type <type>', 'what the package holds').choices(MIGRATE_TYPES).default('project'))
    .option('--project <id>', 'project on the source, by id or name')
    .option('--target-project <id>', 'project on the target, by id or name; absent: the same as on the source')
    .option('--name <name>', 'name of the package')
    .option('--object <entry>', `object to move, ID:TYPE[:action][+deps]; ${list}`, collect(parseObjectEntry))
    .option('--content <file>', 'JSON file with content entries of a tocView')
    .option('--config <file>', 'JSON file with a whole tocView, settings and content')
    .addOption(
      new Option('--default-action <action>', 'conflict rule of objects without one, use_existing when absent').choices(
        CONFLICT_ACTIONS,
      ),
    )
    .addOption(new Option('--acl-replacing <setting>', 'ACL of objects that are replaced').choices(ACL_ON_REPLACING))
    .option(
      '--acl-new <setting>',
      `ACL of new objects: ${ACL_ON_NEW.join(' or ')}; ${list}`,
      collect(wordOf(ACL_ON_NEW)),
    )
    .option(
      '--update-schema <action>',
      `schema work after the import: ${SCHEMA_UPDATES.join(', ')}; ${list}`,
      collect(wordOf(SCHEMA_UPDATES)),
    )
    .addOption(
      new Option('--reuse <packageId>', 'import an existing package once more').conflicts([
        'object',
        'content',
        'config',
      ]),
    );
}

function parseCount(text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('Expected a whole number.');
}

const collect =
  <Value>(read: (text: string) => Value) =>
  (text: string, before: readonly Value[] | undefined): readonly Value[] => [...(before ?? []), read(text)];

const wordOf =
  <Word extends string>(words: readonly Word[]) =>
  (text: string): Word => {
    const word = words.find((candidate) => candidate === text);
    if (word !== undefined) return word;
    throw new InvalidArgumentError(`Allowed choices are ${words.join(', ')}.`);
  };
