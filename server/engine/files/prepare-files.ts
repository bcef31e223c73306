import type { DuckDBConnection } from '@duckdb/node-api';
import type { ScanColumn } from '#shared/contract/plan.ts';
import { AppError } from '#shared/errors/app-error.ts';
import type { NameMapping } from '#shared/iceberg/files/name-mapping.ts';
import type { ExecutableFile, ExecutableScan } from '../execute/scan-view.ts';
import { hidesPositions, projectByNames, projectColumns, type FileProjection } from './file-projection.ts';
import { resolveFields } from '#shared/iceberg/files/resolve-fields.ts';
import { findVariants, type FileShape, type FooterCache } from './parquet-footers.ts';

const NO_CONSTANTS = {};

/**
 * The scan with what its files' footers say of how to read them.
 *
 * @param shapeOf a file by its path
 * @throws CORRUPT_FILE, UNSUPPORTED naming file and column; CORRUPT_METADATA (a default that is none)
 */
export async function prepareScan(
  connection: DuckDBConnection,
  scan: ExecutableScan,
  shapeOf: (path: string) => FileShape,
  cache: FooterCache,
): Promise<ExecutableScan> {
  if (scan.columns.length === 0) return scan;
  const projections = new Projections(scan.columns, scan.nameMapping ?? null);
  const variants = scan.columns.some(({ sqlType }) => sqlType.includes('VARIANT'));
  const files: ExecutableFile[] = [];
  for (const file of scan.files) {
    const shape = shapeOf(file.path);
    const seen = variants ? await findVariants(connection, file.path, shape, cache) : shape;
    if (scan.complete === true) assertComplete(file, seen, scan);
    const projection = projections.of(file, seen);
    if (!projection.byId && (countsRows(scan) || (file.deleted?.size ?? 0) > 0)) assertCountable(file, seen);
    files.push({ ...file, projection });
  }
  return { ...scan, files: projections.byNames(files) };
}

function countsRows({ position, file, facts }: ExecutableScan): boolean {
  return position !== undefined || file !== undefined || facts !== undefined;
}

/** Equal ways of reading become one, by which files are grouped. */
class Projections {
  readonly #columns: readonly ScanColumn[];
  readonly #nameMapping: NameMapping | null;
  readonly #byShape = new Map<FileShape, Map<string, FileProjection>>();
  readonly #byContent = new Map<string, FileProjection>();
  /** What stands for a projection where all its files are alike; null where they are not. */
  readonly #named = new Map<FileProjection, FileProjection | null>();

  constructor(columns: readonly ScanColumn[], nameMapping: NameMapping | null) {
    this.#columns = columns;
    this.#nameMapping = nameMapping;
  }

  of({ path, constants = NO_CONSTANTS }: ExecutableFile, shape: FileShape): FileProjection {
    let ofShape = this.#byShape.get(shape);
    if (ofShape === undefined) this.#byShape.set(shape, (ofShape = new Map<string, FileProjection>()));
    const key = JSON.stringify(constants);
    let projection = ofShape.get(key);
    if (projection === undefined) {
      projection = this.#intern(projectColumns(path, shape, this.#columns, this.#nameMapping, constants));
      ofShape.set(key, projection);
      this.#name(projection, shape);
    }
    return projection;
  }

  /** Files that are read in one call have to have the same columns by the same names for that. */
  byNames(files: readonly ExecutableFile[]): readonly ExecutableFile[] {
    return files.map((file) => {
      const named = file.projection === undefined ? null : this.#named.get(file.projection);
      return named ? { ...file, projection: named } : file;
    });
  }

  #name(projection: FileProjection, shape: FileShape): void {
    const known = this.#named.get(projection);
    if (known === null) return;
    const named = projectByNames(projection, shape, this.#columns);
    const isAlike = known === undefined || JSON.stringify(known) === JSON.stringify(named);
    this.#named.set(projection, isAlike ? named : null);
  }

  #intern(projection: FileProjection): FileProjection {
    // By names, only files of one shape can be read at once.
    if (!projection.byId) return projection;
    const key = JSON.stringify(projection.columns);
    const known = this.#byContent.get(key);
    if (known === undefined) this.#byContent.set(key, projection);
    return known ?? projection;
  }
}

function assertComplete(
  { path }: ExecutableFile,
  shape: FileShape,
  { columns, nameMapping }: ExecutableScan,
): void {
  const wanted = columns.map(({ fieldId, type }) => ({ id: fieldId, type }));
  const found = new Set(resolveFields(shape.fields, nameMapping ?? null, wanted).map(({ id }) => id));
  const missing = columns.find(({ fieldId }) => !found.has(fieldId));
  if (missing === undefined) return;
  throw new AppError(
    'CORRUPT_FILE',
    `The file ${path} is not the table's: it has no column with the field id ${missing.fieldId}. Restore it.`,
    { context: { path, fieldId: missing.fieldId } },
  );
}

function assertCountable({ path }: ExecutableFile, shape: FileShape): void {
  const hiding = shape.fields.find(({ name }) => hidesPositions(name));
  if (hiding === undefined) return;
  throw new AppError(
    'UNSUPPORTED',
    `Rows of the file ${path} were deleted by their position, which DuckDB can't tell because the file has a column named ${hiding.name}. Rewrite the file with Iceberg's field ids.`,
    { context: { path, column: hiding.name } },
  );
}
