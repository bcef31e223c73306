import type { Command } from 'commander';
import type { ExtensionFolder, KeptExtension } from '../services/extensions/index.ts';
import type { ApiCommands } from './api-client.ts';

export interface ExtensionCommands extends Pick<ApiCommands, 'print'> {
  /** Of the lakehouse, whether its server runs or not. */
  extensions(flags: { readonly lakehouse?: string }): Promise<ExtensionFolder>;
}

interface Flags {
  readonly lakehouse?: string;
  readonly json?: boolean;
}

const RESTART = 'The server loads them when it starts, and tabs theirs when a page is opened after that.';

/** `timestream extensions add FILE… | list | remove NAME` */
export function addExtensionCommands(program: Command, commands: ExtensionCommands): void {
  const extensions = program
    .command('extensions')
    .description("DuckDB's signed extensions that the engines load, the server's and the tabs'");
  withFlags(extensions.command('add'))
    .description('check a file that DuckDB distributes, and keep it in the lakehouse')
    .argument('<file...>', 'NAME.duckdb_extension, for tabs NAME.duckdb_extension.wasm, either also with .gz')
    .action(async (files: string[], flags: Flags) => {
      const folder = await commands.extensions(flags);
      const added: KeptExtension[] = [];
      for (const file of files) added.push(await folder.add(file));
      tell(commands, flags, added, [...added.map((each) => `Added ${words(each)}.`), RESTART]);
    });
  withFlags(extensions.command('list'))
    .description('the extensions that the lakehouse keeps')
    .action(async (flags: Flags) => {
      const kept = await (await commands.extensions(flags)).list();
      const lines = kept.map(
        (each) => `${words(each)}${each.fits ? '' : ': not loaded, the engine is another'}`,
      );
      tell(commands, flags, kept, lines.length === 0 ? ['No extensions.'] : lines);
    });
  withFlags(extensions.command('remove'))
    .description('let go of an extension')
    .argument('<name>')
    .action(async (name: string, flags: Flags) => {
      await (await commands.extensions(flags)).remove(name);
      tell(commands, flags, { removed: name }, [
        `Removed ${name}. A server that runs has it until it stops.`,
      ]);
    });
}

function withFlags(command: Command): Command {
  return command
    .option('-l, --lakehouse <folder>', 'folder of the lakehouse (LAKEHOUSE_DIR, ./lakehouse)')
    .option('--json', 'print the answer as JSON');
}

function tell(commands: ExtensionCommands, { json }: Flags, answer: unknown, lines: readonly string[]): void {
  for (const line of json === true ? [JSON.stringify(answer)] : lines) commands.print(line);
}

function words({ name, version, madeFor, platform }: KeptExtension): string {
  return `${name} ${version} (DuckDB ${madeFor}, ${platform})`;
}
