import { Command, CommanderError } from 'commander';
import { errorMessage, isAppError } from '#shared/errors/app-error.ts';
import type { ApiCommands } from './api-client.ts';
import { addRefCommands } from './branch.ts';
import { addExtensionCommands, type ExtensionCommands } from './extensions.ts';
import { addFsck } from './fsck.ts';
import { addHistoryCommands } from './history.ts';
import { addMaintenanceCommands } from './maintenance.ts';
import { addSnapshotCommands } from './snapshots.ts';
import { addMergeCommands } from './merge.ts';
import { addMergeRequestCommands } from './merge-request.ts';
import { addSql } from './sql.ts';
import { addRegister, ALLOW_LOCATION, collect, type Register } from './register.ts';

/** What main.ts gives the command line to call. */
export interface Commands extends ApiCommands, ExtensionCommands {
  serve(options: ServeOptions): Promise<void>;
  readonly register: Register;
}

interface ServeOptions {
  readonly port?: string;
  readonly lakehouse?: string;
  readonly demo: boolean;
  readonly allowLocation?: string[];
}

/**
 * The `timestream` command. Exit codes: 0 ok, 1 the work failed, 2 the words were off.
 *
 * @param argv as process.argv
 */
export async function runCli(argv: readonly string[], version: string, commands: Commands): Promise<number> {
  const program = new Command('timestream')
    .description('Git for a lakehouse, in a browser tab')
    .version(version)
    .exitOverride();
  program
    .command('serve', { isDefault: true })
    .description('open the lakehouse and serve the page and the API on 127.0.0.1')
    .option('-p, --port <port>', 'port to listen on (PORT, 4400)')
    .option('-l, --lakehouse <folder>', 'folder of the lakehouse (LAKEHOUSE_DIR, ./lakehouse)')
    .option('--allow-location <folder>', ALLOW_LOCATION, collect)
    .option('--no-demo', 'leave an empty lakehouse empty')
    .action((options: ServeOptions) => commands.serve(options));
  addRegister(program, commands.register);
  addSql(program, commands);
  addRefCommands(program, commands);
  addHistoryCommands(program, commands);
  addMergeCommands(program, commands);
  addMergeRequestCommands(program, commands);
  addMaintenanceCommands(program, commands);
  addSnapshotCommands(program, commands);
  addFsck(program, commands);
  addExtensionCommands(program, commands);
  try {
    await program.parseAsync([...argv]);
    return 0;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    process.stderr.write(`${errorMessage(error)}\n`);
    if (!isAppError(error) && error instanceof Error) process.stderr.write(`${error.stack}\n`);
    return isAppError(error, 'INVALID_INPUT') ? 2 : 1;
  }
}
