import { resolve } from 'node:path';
import { InvalidArgumentError, type Command } from 'commander';
import type { RegisterTableRequest } from '#shared/contract/register-table.ts';

export interface RegisterOptions {
  readonly lakehouse?: string;
  readonly allowLocation?: string[];
  readonly json?: boolean;
}

export type Register = (request: RegisterTableRequest, options: RegisterOptions) => Promise<void>;

interface Flags extends RegisterOptions {
  readonly map?: PathRule[];
  readonly replace?: boolean;
  readonly branch?: string;
  readonly message?: string;
}

type PathRule = NonNullable<RegisterTableRequest['map']>[number];

/** `timestream register NAME METADATA_LOCATION [--map OLD_PREFIX=NEW_PREFIX]` */
export function addRegister(program: Command, register: Register): void {
  program
    .command('register')
    .description('read a table where another engine keeps it; none of its files is copied or changed')
    .argument('<name>', 'dotted name that it gets, e.g. bronze.flights')
    .argument('<metadata_location>', "the table's newest metadata.json", absolute)
    .option('--map <old_prefix=new_prefix>', 'where it lies now, if it was moved; may be repeated', parseRule)
    .option('--replace', 'register a newer version of the table of this name')
    .option('--branch <branch>', 'branch that gets it (the default branch)')
    .option('-m, --message <message>', 'what the commit says')
    .option('-l, --lakehouse <folder>', 'folder of the lakehouse (LAKEHOUSE_DIR, ./lakehouse)')
    .option('--allow-location <folder>', ALLOW_LOCATION, collect)
    .option('--json', 'print the answer as JSON')
    .action((table: string, metadataLocation: string, flags: Flags) => {
      const { map, replace, branch, message, ...options } = flags;
      const given = Object.entries({ map, replace, branch, message }).filter(
        ([, value]) => value !== undefined,
      );
      return register({ table, metadataLocation, ...Object.fromEntries(given) }, options);
    });
}

export const ALLOW_LOCATION =
  'folder in which tables of other engines may be read; may be repeated (ALLOWED_LOCATIONS)';

export function collect(value: string, before: string[] = []): string[] {
  return [...before, value];
}

/** The first "=" ends the old prefix, unless it is escaped: Hive's folders have "=" in their names. */
function parseRule(value: string, before: PathRule[] = []): PathRule[] {
  const match = /^((?:[^=\\]|\\.)+)=(.+)$/s.exec(value);
  if (match === null)
    throw new InvalidArgumentError('Write OLD_PREFIX=NEW_PREFIX; an "=" in the old prefix as "\\=".');
  const [, from = '', to = ''] = match;
  return [...before, { from: from.replaceAll('\\=', '='), to: absolute(to) }];
}

/** The server may run in another folder than this command. */
function absolute(location: string): string {
  return /^[a-z][a-z0-9+.-]*:/i.test(location) ? location : resolve(location);
}
