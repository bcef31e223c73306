import { randomUUID } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import { duckDbTypeOf, schemaFromColumns } from '#shared/iceberg/duckdb-types.ts';
import { partitionSpecOf } from '#shared/iceberg/partition.ts';
import { findFieldByName, indexById, type Schema } from '#shared/iceberg/schema.ts';
import type { TableMetadata } from '#shared/iceberg/table-metadata.ts';
import { quoteIdentifier, quoteLiteral } from '#shared/sql/quoting.ts';
import { copyParquet } from '#server/engine/copy-parquet.ts';
import { deletionVector, equalityDeletes, positionDeletes } from '#server/engine/testing/delete-files.ts';
import { sortOrderOf } from '#server/iceberg/evolution/replace-sort-order.ts';
import type { DataFile, PartitionValues } from '#server/iceberg/manifest/data-file.ts';
import { createTableMetadata } from '#server/iceberg/metadata/create.ts';
import { loadTable, type LoadedTable } from '#server/iceberg/metadata/load.ts';
import { currentSchema, defaultSpec, specById } from '#server/iceberg/metadata/lookup.ts';
import { planFiles, type PlannedFile } from '#server/iceberg/scan/plan-files.ts';
import { appendFiles } from '#server/iceberg/transaction/append-files.ts';
import { dataFileFromDuckDbStats } from '#server/iceberg/transaction/data-file-stats.ts';
import { deleteFiles } from '#server/iceberg/transaction/delete-files.ts';
import { overwriteFiles } from '#server/iceberg/transaction/overwrite-files.ts';
import { replacePartitions } from '#server/iceberg/transaction/replace-partitions.ts';
import { rewriteFiles } from '#server/iceberg/transaction/rewrite-files.ts';
import { rewriteManifests } from '#server/iceberg/transaction/rewrite-manifests.ts';
import { rowDelta } from '#server/iceberg/transaction/row-delta.ts';
import { stageCreate, stageUpdates, type StagedCommit } from '#server/iceberg/transaction/staged-commit.ts';
import type { FileIO } from '#server/storage/file-io.ts';
import type { OurTable, Step } from './our-table.ts';
import { partitionsOf } from './partitions-of.ts';

/** A table that we wrote, and the rows that each of its snapshots must have. */
export interface WrittenTable {
  readonly table: OurTable;
  readonly last: LoadedTable & { readonly metadataLocation: string };
  /** A Parquet file of all rows by snapshot id: those of a plain DuckDB table on which the same was done. */
  readonly expected: ReadonlyMap<string, string>;
  /** Data files of the last snapshot, and the delete files that apply to them. */
  readonly contentFiles: number;
}

/** Does what our tables list with our code, and the same to a plain DuckDB table, the model. */
export class TableWriter {
  readonly #connection: DuckDBConnection;
  readonly #io: FileIO;
  readonly #staging: string;

  constructor(connection: DuckDBConnection, io: FileIO, staging: string) {
    this.#connection = connection;
    this.#io = io;
    this.#staging = staging;
  }

  async write(table: OurTable): Promise<WrittenTable> {
    await mkdir(this.#staging, { recursive: true });
    let last = await this.#create(table);
    const expected = new Map<string, string>();
    for (const step of table.steps) {
      const staged = await this.#stage(last, step);
      last = await loadTable(this.#io, staged.newMetadataLocation);
      await this.#follow(step);
      const path = join(this.#staging, `${randomUUID()}.parquet`);
      await this.#connection.run(`COPY model TO ${quoteLiteral(path)} (FORMAT parquet)`);
      const { currentSnapshotId } = last.metadata;
      // What a change of columns makes of an older snapshot is not what it was written as.
      if (currentSnapshotId !== undefined && !expected.has(String(currentSnapshotId)))
        expected.set(String(currentSnapshotId), path);
      expected.set('current', path);
    }
    const { files } = await planFiles({ io: this.#io, metadata: last.metadata });
    const applied = files.flatMap(({ deletes }) => deletes).map(({ file }) => deleteKey(file));
    return { table, last, expected, contentFiles: files.length + new Set(applied).size };
  }

  async #create(table: OurTable): Promise<LoadedTable & { readonly metadataLocation: string }> {
    const [first] = table.steps;
    if (first === undefined || !('append' in first)) throw new TypeError('the first step is no append');
    const described = await this.#connection.runAndReadAll(`DESCRIBE ${first.append}`);
    const schema = schemaFromColumns(
      described
        .getRows()
        .map(([name, sqlType]) => ({ name: name?.toString() ?? '', sqlType: sqlType?.toString() ?? '' })),
    );
    await this.#connection.run(
      `CREATE OR REPLACE TABLE model AS FROM (${typed(first.append, schema)}) LIMIT 0`,
    );
    const metadata = createTableMetadata({
      location: `${this.#io.root}/ours/${table.name.replaceAll(/\W+/g, '-')}-${randomUUID()}`,
      schema,
      partitionSpec: partitionSpecOf(schema, table.partitionBy ?? []),
      sortOrder: sortOrderOf(
        schema,
        (table.sortBy ?? []).map((source) => ({ source })),
      ),
      properties: table.properties ?? {},
      formatVersion: table.formatVersion ?? 2,
    });
    return loadTable(this.#io, (await stageCreate({ io: this.#io, metadata })).newMetadataLocation);
  }

  /** The step on the model. */
  async #follow(step: Step): Promise<void> {
    if ('replacePartitions' in step) await this.#connection.run(`DELETE FROM model WHERE ${step.where}`);
    else if ('deleteWhere' in step) await this.#connection.run(`DELETE FROM model WHERE ${step.deleteWhere}`);
    else if ('where' in step) await this.#connection.run(`DELETE FROM model WHERE ${step.where}`);
    const added =
      'append' in step ? step.append : 'replacePartitions' in step ? step.replacePartitions : null;
    if (added !== null) await this.#connection.run(`INSERT INTO model BY NAME ${added}`);
    if ('change' in step) for (const sql of step.model ?? []) await this.#connection.run(sql);
  }

  async #stage(base: LoadedTable, step: Step): Promise<StagedCommit> {
    const io = this.#io;
    const { metadata } = base;
    if ('change' in step) return stageUpdates({ io, base, ...step.change(metadata) });
    if ('append' in step) {
      const dataFiles = await this.#dataFiles(metadata, step.append);
      return appendFiles({ io, base, dataFiles, mode: step.fast === true ? 'fast' : 'merge' });
    }
    if ('replacePartitions' in step)
      return replacePartitions({
        io,
        base,
        dataFiles: await this.#dataFiles(metadata, step.replacePartitions),
      });
    if ('deleteFiles' in step) {
      const ids = new Map(
        [...indexById(currentSchema(metadata))].map(([id, { path }]) => [path.join('.'), id]),
      );
      return deleteFiles({ io, base, filter: step.deleteFiles((column) => ids.get(column) ?? -1) });
    }
    if ('deleteEqual' in step) {
      const ids = step.columns.map((column) => findFieldByName(currentSchema(metadata), column)?.id ?? -1);
      const file = await equalityDeletes(this.#warehouse(), metadata, step.deleteEqual, ids);
      return rowDelta({ io, base, deleteFiles: [file] });
    }
    if ('maintain' in step) {
      if (step.maintain === 'manifests') return rewriteManifests({ io, base });
      return this.#compact(base);
    }
    return this.#deleteRows(base, step);
  }

  async #deleteRows(
    base: LoadedTable,
    { deleteWhere, by }: Extract<Step, { readonly deleteWhere: string }>,
  ): Promise<StagedCommit> {
    const io = this.#io;
    const { metadata } = base;
    const { files } = await planFiles({ io, metadata });
    const added: DataFile[] = [];
    const removed: DataFile[] = [];
    const touched: string[] = [];
    for (const planned of files) {
      const { file } = planned;
      const positions = await this.#positions(planned, deleteWhere);
      if (positions.length === 0) continue;
      touched.push(file.filePath);
      if (by === 'copies') {
        const kept = `SELECT * FROM read_parquet(${this.#quoted(file)}) WHERE (${deleteWhere}) IS NOT TRUE`;
        added.push(...(await this.#dataFiles(metadata, kept, file)));
        removed.push(file);
      } else if (by === 'positions') {
        const rows = positions.map((position) => ({ path: file.filePath, position }));
        const deletes = await positionDeletes(this.#warehouse(), metadata, rows);
        added.push({ ...deletes, specId: file.specId, partition: file.partition });
      } else {
        const old = planned.deletes
          .map((found) => found.file)
          .filter((found) => found.fileFormat === 'PUFFIN');
        removed.push(...old);
        added.push(await deletionVector(this.#warehouse(), metadata, file, positions));
      }
    }
    if (by === 'copies') return overwriteFiles({ io, base, dataFiles: added, deletedFiles: removed });
    return rowDelta({ io, base, deleteFiles: added, removedFiles: removed, referencedDataFiles: touched });
  }

  /** Rows of a file that satisfy the condition; those that earlier steps deleted are among them where vectors are made anew. */
  async #positions({ file, deletes }: PlannedFile, where: string): Promise<readonly number[]> {
    const from = `read_parquet(${this.#quoted(file)}, file_row_number = true)`;
    const found = await this.#connection.runAndReadAll(`SELECT file_row_number FROM ${from} WHERE ${where}`);
    const positions = found.getRows().map(([position]) => Number(position));
    if (positions.length === 0 || deletes.length === 0) return positions;
    const gone = await this.#connection.runAndReadAll(
      `SELECT file_row_number FROM ${from} f WHERE NOT EXISTS (FROM model m WHERE m.id = f.id)`,
    );
    return [...new Set([...positions, ...gone.getRows().map(([position]) => Number(position))])];
  }

  /** Everything in as few files as there are partitions, with the deletes applied. */
  async #compact(base: LoadedTable): Promise<StagedCommit> {
    const io = this.#io;
    const { files } = await planFiles({ io, metadata: base.metadata });
    const deletes = new Map(
      files.flatMap((planned) => planned.deletes).map(({ file }) => [file.filePath, file]),
    );
    return rewriteFiles({
      io,
      base,
      replacedFiles: [...files.map(({ file }) => file), ...deletes.values()],
      addedFiles: await this.#dataFiles(base.metadata, 'FROM model'),
    });
  }

  /** Writes the rows of a query as data files, one for each partition; of the partition of `like` where given. */
  async #dataFiles(metadata: TableMetadata, query: string, like?: DataFile): Promise<readonly DataFile[]> {
    const schema = currentSchema(metadata);
    await this.#connection.run(
      `CREATE OR REPLACE TEMP TABLE incoming AS ${await this.#complete(query, schema)}`,
    );
    const spec = like === undefined ? defaultSpec(metadata) : specById(metadata, like.specId);
    const parts =
      like === undefined
        ? await partitionsOf(this.#connection, schema, spec)
        : [{ where: 'true', partition: like.partition }];
    const files: DataFile[] = [];
    for (const { where, partition } of parts) {
      files.push(...(await this.#dataFile(metadata, schema, `incoming WHERE ${where}`, spec, partition)));
    }
    return files;
  }

  async #dataFile(
    metadata: TableMetadata,
    schema: Schema,
    from: string,
    spec = defaultSpec(metadata),
    partition: PartitionValues = new Map(),
  ): Promise<readonly DataFile[]> {
    const path = join(this.#staging, `${randomUUID()}.parquet`);
    const copied = await copyParquet({
      run: async (sql) => (await this.#connection.run(sql)).getRowObjectsJson(),
      fields: schema.fields,
      from,
      path,
      options: [],
    });
    const files: DataFile[] = [];
    for (const { path: written, stats, splitOffsets } of copied) {
      const filePath = `${metadata.location}/data/${randomUUID()}.parquet`;
      await this.#io.adopt(written, filePath);
      files.push(dataFileFromDuckDbStats({ filePath, stats, splitOffsets, schema, spec, partition }));
    }
    return files;
  }

  /** The query with every column of the schema, in its order and of its type. */
  async #complete(query: string, schema: Schema): Promise<string> {
    const described = await this.#connection.runAndReadAll(`DESCRIBE ${query}`);
    const given = new Set(described.getRows().map(([name]) => String(name)));
    return typed(query, schema, given);
  }

  #warehouse() {
    return {
      io: this.#io,
      write: async (metadata: TableMetadata, query: string, schema: Schema = currentSchema(metadata)) => {
        const complete = await this.#complete(query, schema);
        return this.#dataFile(metadata, schema, `(${complete})`);
      },
    };
  }

  #quoted(file: DataFile): string {
    return quoteLiteral(this.#io.localPath(file.filePath) ?? '');
  }
}

/** A Puffin file holds many deletion vectors. */
function deleteKey({ filePath, contentOffset }: DataFile): string {
  return `${filePath} ${contentOffset ?? ''}`;
}

function typed(query: string, schema: Schema, given?: ReadonlySet<string>): string {
  const columns = schema.fields.map(({ name, type }) => {
    const column = quoteIdentifier(name);
    const value = given?.has(name) === false ? 'NULL' : column;
    return `${value}::${duckDbTypeOf(type)} AS ${column}`;
  });
  return `SELECT ${columns.join(', ')} FROM (${query})`;
}
