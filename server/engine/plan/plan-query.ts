import { LRUCache } from 'lru-cache';
import { AppError } from '#shared/errors/app-error.ts';
import type { PlanStep } from '#shared/contract/explanation.ts';
import type { EnginePreference, LocalRelation, Plan, TabEngine } from '#shared/contract/plan.ts';
import type { Expression } from '#shared/iceberg/expression.ts';
import { duckDbTypeOf } from '#shared/iceberg/duckdb-types.ts';
import type { Schema } from '#shared/iceberg/schema.ts';
import type { NestedField } from '#shared/iceberg/types.ts';
import { quoteIdentifier } from '#shared/sql/quoting.ts';
import { stringifyJson } from '#shared/util/json.ts';
import { present } from '#shared/util/present.ts';
import type { ManifestCache } from '../../iceberg/manifest/manifest-cache.ts';
import { currentSchema, schemaOfSnapshot, snapshotById } from '../../iceberg/metadata/lookup.ts';
import type { FileIO } from '../../storage/file-io.ts';
import { analyzeSql, type AnalyzedSql } from '../analyze/analyze.ts';
import { isNode, walkAst, type AstNode } from '../analyze/ast.ts';
import { hasJoin, rowsMade } from '../analyze/made-rows.ts';
import type { SqlParser } from '../analyze/parse.ts';
import { rewriteSql, verifyRewrite } from '../analyze/rewrite.ts';
import type { RowGroupSource } from '../files/row-groups.ts';
import { assemblePlan, uniqueSources } from './assemble-plan.ts';
import type { BindTable, Bound } from './binder.ts';
import type { Binding } from './binder-pool.ts';
import type { ColumnNaming } from './column-naming.ts';
import { bindingError } from './binding-error.ts';
import { ConditionReader } from './condition-reader.ts';
import {
  expandViews,
  namedViews,
  planExpanded,
  planStandIn,
  viewsOf,
  type Expanded,
} from './expand-views.ts';
import { isLongName, quoteLongNames } from './long-names.ts';
import { emptyColumnName, scannedTable, type PlanShape } from './explain.ts';
import { bindLocals, readOfLocals, withoutLocals } from './local-files.ts';
import { hideFromStars, withMetadataColumns } from './metadata-columns.ts';
import { ScanFilterReader, type FilteredFields } from './scan-filters.ts';
import { planSteps, readPlan } from './plan-steps.ts';
import type { PivotValues } from '../pivot/spell-out.ts';
import { planPivots } from './plan-pivots.ts';
import type { FileProbe } from './probe-files.ts';
import { resolveTables, type TableResolver } from './resolve-tables.ts';
import {
  isView,
  planScan,
  type DeletesUrl,
  type ResolvedTable,
  type ResolvedView,
  type ScanSource,
} from './scan-source.ts';
import { showTablesSql, type ListedTable } from './show-tables.ts';
import { answerFromViews, type AnswerTools, type Choice } from '../views/answer-from-views.ts';
import type { StoredViews } from '../views/stored-view.ts';
import { ViewMatcher, type MatcherTools, type ViewForms } from '../views/view-matcher.ts';
import { exposedFields, guardedFields, substitute } from './substitute.ts';
import { narrowScan, type Narrowed } from './without-files.ts';

export interface PlanQueryInput {
  readonly sql: string;
  /** What the plan says it read; tables come from `resolveTable`. */
  readonly ref: Plan['ref'];
  readonly preference: EnginePreference;
  readonly resolveTable: TableResolver;
  /** Files of whoever asks; see withoutLocals. */
  readonly locals?: readonly LocalRelation[];
  /** For SHOW TABLES. */
  readonly listTables: () => Promise<readonly ListedTable[]>;
  readonly io: FileIO;
  readonly manifests?: ManifestCache;
  /** Where the page gets the file at a location. */
  readonly fileUrl: (location: string) => string;
  readonly deletesUrl: DeletesUrl;
  /** The most compressed bytes that a plan may need to run in the tab. */
  readonly browserBytes: number;
  /** What the lakehouse lets the tab do; all of it where not given. */
  readonly tabEngine?: TabEngine;
  /** Functions and types that the server's engine has by its extensions, in lower case. */
  readonly serverNames?: ReadonlySet<string>;
  /** Asks files themselves what they have not. */
  readonly probe?: FileProbe;
  /** Says what of the files has to be read; without it they are read whole. */
  readonly rowGroups?: RowGroupSource;
  /** Every file that may matter is read, also where metadata has the answer or LIMIT needs less. */
  readonly wholeScans?: boolean;
  /** Materialized views that may answer a query of their tables; without it tables are read themselves. */
  readonly storedViews?: StoredViews;
  /** Of a query that stands for others: the views in whose place the text at an offset stands, the outermost first. */
  readonly within?: (offset: number) => readonly Expanded[];
  /** Of such a query: how many tables and views it reads by those in whose place it stands. */
  readonly byViews?: number;
  /** For PIVOT whose columns the data says; without it there is none. */
  readonly pivotValues?: (sql: string, place: Pick<PlanQueryInput, 'within'>) => ReturnType<PivotValues>;
  readonly signal?: AbortSignal;
}

export interface PlannedQuery {
  readonly plan: Plan;
  readonly sources: readonly ScanSource[];
  /** The SQL that the person wrote, and where a place in the plan's SQL is in it. */
  readonly source: { readonly sql: string; toOriginal(offset: number): number };
  /** Of a query that changes rows (see rowColumns): exactly the rows of its only table that are in its answer. */
  readonly exactFilter: Expression | null;
  /** False where the same query over the same rows may have another answer. */
  readonly repeatable: boolean;
  /** How many rows at most come of each that it reads; Infinity where that is not known. */
  readonly multiplies: number;
  /** The tables that the query names. */
  readonly reads: AnalyzedSql['tables'];
  /** The views that it reads, also those that others read. */
  readonly through: readonly ResolvedView[];
  /** As the text has it, and what comes of it; see PlanShape. Null where a query stands for a view in it. */
  readonly simple: { readonly analyzed: AnalyzedSql; readonly shape: PlanShape | null } | null;
  /** Materialized views of the query's tables that do not answer it, and why. */
  readonly passedOver?: readonly { readonly table: string; readonly reason: string }[];
  /** Where the plan says that the cluster should run it: the cluster's SQL. */
  readonly clusterSql?: string;
  /** Its steps, for people. @throws as QueryPlanner.plan */
  readonly logical: () => Promise<readonly PlanStep[]>;
}

interface Table extends ResolvedTable {
  readonly schema: Schema;
}

/** Of queries that are known: a tree takes many times as much as its text, whose characters are counted here. */
const KNOWN = {
  max: 500,
  maxSize: 4 * 1024 * 1024,
  sizeCalculation: (_: unknown, text: string) => text.length + 1,
};

/** Plans queries on a DuckDB of its own that never sees data. Keeps what it learned of SQL texts. */
export class QueryPlanner {
  readonly #parser: SqlParser;
  readonly #binder: Binding;
  readonly #naming: ColumnNaming;
  readonly #filters: ScanFilterReader;
  readonly #analyses = new LRUCache<string, AnalyzedSql>(KNOWN);
  readonly #bindings = new LRUCache<string, Bound>(KNOWN);
  readonly #viewForms: ViewForms = new LRUCache({ max: 200 });
  readonly #viewChoices = new LRUCache<string, Choice>(KNOWN);

  constructor(parser: SqlParser, binder: Binding, naming: ColumnNaming) {
    this.#parser = parser;
    this.#binder = binder;
    this.#naming = naming;
    this.#filters = new ScanFilterReader(new ConditionReader(parser));
  }

  /** What parses SQL here, for who looks at a query without running it. */
  get parser(): SqlParser {
    return this.#parser;
  }

  /**
   * @throws SQL_SYNTAX, SQL_BINDING, COLUMN_NOT_FOUND with a position in `input.sql`; UNSUPPORTED, FORBIDDEN,
   *   INVALID_INPUT, TIMEOUT; what resolveTable throws, with the position of the table; see planFiles
   */
  async plan(input: PlanQueryInput): Promise<PlannedQuery> {
    const pivoted = await planPivots(async (inner) => this.plan(inner), this.#parser, input);
    if (pivoted !== null) return pivoted;
    const read = await this.#analyze(input).catch((error: unknown) => {
      const quoted = isLongName(error) ? quoteLongNames(input.sql) : null;
      if (quoted === null) throw error;
      return quoted;
    });
    if ('toOriginal' in read) return planStandIn(async (inner) => this.plan(inner), input, read);
    const { analyzed, locals } = withoutLocals(read, input.locals ?? []);
    const tables = await resolveTables(analyzed, input.resolveTable, this.#binder);
    const expanded = await expandViews(this.#parser, analyzed, tables, input);
    if (expanded !== null) {
      const named = namedViews(analyzed, tables);
      const planned = await planExpanded(async (inner) => this.plan(inner), input, expanded, named);
      const views = [...viewsOf(tables), ...(planned.plan.views ?? [])];
      return {
        ...planned,
        plan: { ...planned.plan, ...(views.length === 0 ? {} : { views }) },
        reads: analyzed.tables,
        through: [...tables.filter(isView), ...planned.through],
        simple: null,
      };
    }
    const stored = tables.flatMap((table) => (isView(table) ? [] : [table]));
    const known = withSchemas(stored, analyzed);
    const bound = await this.#bind(analyzed, known, locals);
    input.signal?.throwIfAborted();

    const all = await Promise.all(
      known.map(async (table, index) => this.#scan(input, analyzed, bound, table, index)),
    );
    const whole = input.wholeScans === true || locals.length > 0;
    const narrowed = whole ? null : await this.#narrow(input, { analyzed, bound }, known, all);
    const sources = narrowed === null ? all : [narrowed.source];
    const substitutes = sources.map((source, index) =>
      substitute(source, {
        exposed: exposedFields(analyzed, known[index]?.schema, source.fields),
        guarded: guardedFields(bound.uses[index], known[index]?.schema),
      }),
    );
    const rewritten = rewriteSql(analyzed, substitutes, hideFromStars(analyzed, known));
    const views = viewsOf(tables);
    const varies = analyzed.stability !== 'stable' || isSampled(analyzed.root);
    const planned: PlannedQuery = {
      plan: {
        ...assemblePlan({ ...input, locals }, analyzed, bound, rewritten, sources, narrowed?.sql ?? null),
        ...(locals.length === 0 ? {} : { locals: readOfLocals(locals, bound.uses.slice(known.length)) }),
        ...(views.length === 0 ? {} : { views }),
        ...(varies ? { varies } : {}),
      },
      reads: analyzed.tables,
      through: [],
      simple: { analyzed, shape: bound.shape },
      sources: uniqueSources(sources),
      exactFilter: await this.#exactFilter(analyzed, bound, known),
      source: { sql: analyzed.sql, toOriginal: (offset) => rewritten.toOriginal(offset) },
      repeatable: locals.length === 0 && !varies,
      multiplies:
        (bound.loops ?? hasJoin(analyzed.root)) ? Number.POSITIVE_INFINITY : rowsMade(analyzed.root),
      logical: async () => this.#logicalSteps(analyzed, known, locals),
    };
    if (input.storedViews === undefined) return planned;
    return answerFromViews(this.#viewTools(input), input, { planned, analyzed, tables: stored });
  }

  #viewTools(input: PlanQueryInput): AnswerTools {
    const tools: MatcherTools = {
      parser: this.#parser,
      schemaOf,
      functionKinds: async () => this.#binder.functionKinds(),
      columnsOf: async (sql, tables) => {
        const analyzed = await this.#analyze({ ...input, sql });
        return (await this.#bind(analyzed, withSchemas(tables, analyzed), [])).columns;
      },
    };
    return {
      ...tools,
      matcher: new ViewMatcher(tools, this.#viewForms),
      choices: this.#viewChoices,
      plan: async (other) => this.plan(other),
    };
  }

  async #logicalSteps(
    analyzed: AnalyzedSql,
    tables: readonly Table[],
    locals: readonly LocalRelation[],
  ): Promise<readonly PlanStep[]> {
    const views = bindingViews(analyzed);
    const { sql } = rewriteSql(analyzed, views.map(quoteIdentifier), hideFromStars(analyzed, tables));
    const json = await this.#binder.logicalPlan(sql, [...bindTables(tables, views), ...bindLocals(locals)]);
    const named = [...tables.map(({ name, schema }) => ({ name, columns: schema.fields })), ...locals];
    const stepTables = named.map(({ name, columns }) => ({
      name,
      columns: new Map(columns.map((column, at) => [emptyColumnName(at), column.name])),
    }));
    return planSteps(readPlan(json), (info) => stepTables[scannedTable(info) ?? -1] ?? null);
  }

  async #analyze(input: PlanQueryInput): Promise<AnalyzedSql> {
    const cached = this.#analyses.get(input.sql);
    const analyzed = cached ?? (await analyzeSql(this.#parser, input.sql));
    if (cached === undefined) {
      const views = bindingViews(analyzed);
      if (views.length > 0)
        await verifyRewrite(
          this.#parser,
          analyzed,
          views,
          rewriteSql(analyzed, views.map(quoteIdentifier)).sql,
        );
      this.#analyses.set(input.sql, analyzed);
    }
    if (analyzed.showTables === null) return analyzed;
    return analyzeSql(this.#parser, showTablesSql(await input.listTables(), analyzed.showTables.schema));
  }

  async #bind(
    analyzed: AnalyzedSql,
    tables: readonly Table[],
    locals: readonly LocalRelation[],
  ): Promise<Bound> {
    const key = stringifyJson([
      analyzed.sql,
      tables.map((table) => [table.metadata.tableUuid, table.schema]),
      locals,
    ]);
    const cached = this.#bindings.get(key);
    if (cached !== undefined) return cached;
    const views = bindingViews(analyzed);
    const spliced = rewriteSql(analyzed, views.map(quoteIdentifier), hideFromStars(analyzed, tables));
    const stand = [...bindTables(tables, views), ...bindLocals(locals)];
    const plain = await this.#binder.bind(spliced.sql, stand).catch((error: unknown) => {
      throw bindingError(error, analyzed.sql, spliced, [
        ...namedColumns(analyzed, tables),
        ...locals.map(({ name, columns }) => ({ name, alias: name, columns: columns.map((c) => c.name) })),
      ]);
    });
    const names = await this.#naming.of(spliced.sql, stand, plain.uses);
    const bound = { ...plain, ...present({ names }) };
    this.#bindings.set(key, bound);
    return bound;
  }

  async #exactFilter(
    analyzed: AnalyzedSql,
    bound: Bound,
    [table]: readonly Table[],
  ): Promise<Expression | null> {
    return table?.rowColumns === undefined || bound.shape !== 'scan'
      ? null
      : this.#scanFilter(analyzed, bound, table);
  }

  async #narrow(
    { rowGroups, signal }: PlanQueryInput,
    { analyzed, bound }: { readonly analyzed: AnalyzedSql; readonly bound: Bound },
    [table, ...others]: readonly Table[],
    [source]: readonly ScanSource[],
  ): Promise<Narrowed | null> {
    if (table === undefined || source === undefined || others.length > 0) return null;
    if (table.rowColumns !== undefined || !['aggregate', 'limit'].includes(bound.shape ?? '')) return null;
    const filter = await this.#scanFilter(analyzed, bound, table);
    return filter === null
      ? null
      : narrowScan({ analyzed, bound, table, filter, ...present({ rowGroups, signal }) }, source);
  }

  /** Of a query with one scan: exactly the rows that pass it; null where that can't be said. */
  async #scanFilter(analyzed: AnalyzedSql, bound: Bound, table: Table): Promise<Expression | null> {
    if (analyzed.stability !== 'stable') return null;
    return (await this.#filters.of(bound, 0, filteredFields(table))).exact;
  }

  async #scan(
    input: PlanQueryInput,
    analyzed: AnalyzedSql,
    bound: Bound,
    table: Table,
    index: number,
  ): Promise<ScanSource> {
    const use = bound.uses[index] ?? null;
    const { fields } = table.schema;
    // The value of now() was folded into conditions that will be checked at another time.
    const filter: Expression =
      use === null || analyzed.stability === 'time'
        ? { op: 'true' }
        : (await this.#filters.of(bound, index, filteredFields(table))).files;
    return planScan({
      io: input.io,
      fileUrl: input.fileUrl,
      deletesUrl: input.deletesUrl,
      table,
      schema: table.schema,
      fields: fields.filter((_, at) => use?.columns.has(at) === true),
      filter,
      read: use !== null,
      ...(input.manifests === undefined ? {} : { manifests: input.manifests }),
      ...(input.probe === undefined ? {} : { probe: input.probe }),
      ...(input.rowGroups === undefined ? {} : { rowGroups: input.rowGroups }),
      ...(input.signal === undefined ? {} : { signal: input.signal }),
    });
  }
}

function isSampled(root: AstNode): boolean {
  let sampled = false;
  walkAst(root, ({ sample }) => {
    if (isNode(sample)) sampled = true;
  });
  return sampled;
}

function schemaOf(table: ResolvedTable): Schema {
  const { metadata, snapshotId, branch } = table;
  const schema =
    snapshotId === undefined || branch !== undefined
      ? currentSchema(metadata)
      : schemaOfSnapshot(metadata, snapshotById(metadata, snapshotId));
  if (schema.fields.length > 0) return schema;
  throw new AppError('UNSUPPORTED', `The table ${table.name} has no columns, so there is nothing to read.`, {
    context: { table: table.name },
  });
}

function withSchemas(tables: readonly ResolvedTable[], analyzed: AnalyzedSql): readonly Table[] {
  return tables.map((resolved) => {
    const schema = schemaOf(resolved);
    const table = withMetadataColumns(resolved, schema, analyzed);
    return { ...table, schema: withRowColumns(table, schema) };
  });
}

function withRowColumns({ rowColumns }: ResolvedTable, schema: Schema): Schema {
  return rowColumns === undefined ? schema : { ...schema, fields: [...schema.fields, ...rowColumns] };
}

/** Of the conditions on a scan those are of use to find files by that are on what files hold, and inherit nothing. */
function filteredFields({ schema, rowColumns = [] }: Table): FilteredFields {
  return {
    all: schema.fields,
    files: schema.fields.filter((field) => !rowColumns.includes(field)),
  };
}

function sqlColumn(field: NestedField): { name: string; sqlType: string } {
  return { name: field.name, sqlType: duckDbTypeOf(field.type) };
}

function bindTables(tables: readonly Table[], views: readonly string[]): readonly BindTable[] {
  return tables.map((table, index) => ({
    view: views[index] ?? '',
    columns: table.schema.fields.map(sqlColumn),
  }));
}

function bindingViews(analyzed: AnalyzedSql): string[] {
  return analyzed.tables.map((_, index) => `__timestream_table_${index}`);
}

function namedColumns(analyzed: AnalyzedSql, tables: readonly Table[]) {
  return tables.map((table, index) => ({
    name: table.name,
    alias: analyzed.aliases[index] ?? '',
    columns: table.schema.fields
      .filter((field) => table.rowColumns?.includes(field) !== true)
      .map((field) => field.name),
  }));
}
