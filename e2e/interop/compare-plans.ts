import type { Expression, LiteralValue } from '#shared/iceberg/expression.ts';
import { findFieldByName, type Schema } from '#shared/iceberg/schema.ts';
import { isPrimitive } from '#shared/iceberg/types.ts';
import type { TableMetadata } from '#shared/iceberg/table-metadata.ts';
import { planFiles } from '#server/iceberg/scan/plan-files.ts';
import { parseValueText } from '#server/iceberg/values/parse-text.ts';
import type { FileIO } from '#server/storage/file-io.ts';
import type { OurEngine } from './our-engine.ts';
import { show, type Report } from './report.ts';
import type { TheirTable } from './we-read-theirs.ts';

/** A filter as write_tables.py gives it: [op, column, values…] or [and | or, tree, tree]. */
interface FilterTree extends ReadonlyArray<string | FilterTree> {}

/** A table of PyIceberg's, with the files that it plans for each scan. */
export interface PlannedTable extends TheirTable {
  readonly scans: readonly (TheirTable['scans'][number] & {
    readonly tree: FilterTree | null;
    readonly files: readonly string[];
  })[];
}

/** Plans each of PyIceberg's scans with our code: the same files have to be left. */
export async function comparePlans(
  report: Report,
  engine: OurEngine,
  tables: readonly PlannedTable[],
): Promise<void> {
  for (const table of tables) {
    for (const { tree, filter, snapshotId, files } of table.scans) {
      const what = `plan of ${table.name}: ${filter ?? `snapshot ${snapshotId}`}`;
      await report.case(what, async () => {
        const { metadata } = await engine.load(table.metadataLocation);
        const version = snapshotId === null ? {} : { snapshotId: BigInt(snapshotId) };
        const { schema } = await planFiles({ io: engine.io, metadata, ...version });
        const expression = tree === null ? undefined : expressionOf(tree, schema);
        report.equal(
          `${what}: files`,
          await plannedPaths(engine.io, metadata, expression, version),
          files.toSorted(),
        );
      });
    }
  }
}

/** Which files we plan for a filter of one of our tables, against those that another engine plans. */
export async function compareFiles(
  report: Report,
  what: string,
  io: FileIO,
  metadata: TableMetadata,
  filter: Expression,
  theirs: readonly string[],
  mayKeepMore: boolean,
): Promise<void> {
  const ours = await plannedPaths(io, metadata, filter);
  if (mayKeepMore)
    report.check(
      `${what}: files`,
      theirs.every((file) => ours.includes(file)),
      () => show({ ours, theirs }),
    );
  else report.equal(`${what}: files`, ours, theirs.toSorted());
}

async function plannedPaths(
  io: FileIO,
  metadata: TableMetadata,
  filter: Expression | undefined,
  version: { readonly snapshotId?: bigint } = {},
): Promise<readonly string[]> {
  const plan = await planFiles({ io, metadata, ...version, ...(filter === undefined ? {} : { filter }) });
  return plan.files.map(({ file }) => file.filePath).toSorted();
}

function expressionOf([op, ...rest]: FilterTree, schema: Schema): Expression {
  if (op === 'and' || op === 'or') {
    const [left, right] = rest.map((part) => expressionOf(part as FilterTree, schema));
    if (left === undefined || right === undefined) throw new TypeError(`'${op}' needs two sides`);
    return { op, left, right };
  }
  const [column, ...texts] = rest as readonly string[];
  const field = findFieldByName(schema, column ?? '');
  if (field === undefined || !isPrimitive(field.type)) throw new TypeError(`no column ${column}`);
  const type = field.type;
  const values = texts.map((text): LiteralValue => {
    const value = parseValueText(type, text);
    if (value === null) throw new TypeError(`'${text}' is no ${type}`);
    return value;
  });
  const fieldId = field.id;
  switch (op) {
    case 'is-null':
    case 'not-null':
      return { op, fieldId };
    case 'in':
      return { op, fieldId, values };
    case 'eq':
    case 'lt':
    case 'lt-eq':
    case 'gt':
    case 'gt-eq':
    case 'starts-with': {
      const [value] = values;
      if (value !== undefined) return { op, fieldId, value };
      break;
    }
    default:
      break;
  }
  throw new TypeError(`no filter '${JSON.stringify(op)}'`);
}
