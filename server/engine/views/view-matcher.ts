import type { LRUCache } from 'lru-cache';
import type { ResultColumn } from '#shared/contract/plan.ts';
import { AppError } from '#shared/errors/app-error.ts';
import { dottedName } from '#shared/refs/dotted-name.ts';
import { analyzeSql } from '../analyze/analyze.ts';
import { isNode, mapChildren, nodesOf, type AstNode } from '../analyze/ast.ts';
import type { SqlParser } from '../analyze/parse.ts';
import { longName } from '../plan/long-names.ts';
import type { ResolvedTable } from '../plan/scan-source.ts';
import type { BlockForm } from './block-form.ts';
import { foundTables } from './block-sources.ts';
import { findBlocks } from './find-blocks.ts';
import type { FunctionKinds } from './function-kinds.ts';
import { mismatch, Mismatch } from './mismatch.ts';
import { BOUND, columnNode } from './nodes.ts';
import { isAsRead, sourceOf, type SnapshotSchema } from './snapshot-schema.ts';
import type { StoredView } from './stored-view.ts';
import { viewForm, type ViewForm } from './view-form.ts';

/** What the planner lends to whoever looks for views. */
export interface MatcherTools {
  readonly parser: SqlParser;
  readonly schemaOf: SnapshotSchema;
  functionKinds(): Promise<FunctionKinds>;
  /** The columns of a query whose tables, in its order, are these. @throws as QueryPlanner.plan */
  columnsOf(sql: string, tables: readonly ResolvedTable[]): Promise<readonly ResultColumn[]>;
}

export type ViewForms = LRUCache<string, Promise<ViewForm>>;

/** Knows what materialized views are made of, in the terms that queries are compared in. */
export class ViewMatcher {
  readonly #tools: MatcherTools;
  readonly #forms: ViewForms;

  /** @param forms what is known of views */
  constructor(tools: MatcherTools, forms: ViewForms) {
    this.#tools = tools;
    this.#forms = forms;
  }

  /**
   * The view's query over the tables of a SELECT.
   *
   * @throws Mismatch where the view answers nothing but itself, or is of other tables or other states of them
   */
  async formFor(view: StoredView, block: BlockForm): Promise<ViewForm> {
    const { schemaOf } = this.#tools;
    const tables = block.sources.leaves.map(({ table }) => table);
    for (const table of tables) {
      const source = sourceOf(view, table);
      if (source === undefined) throw mismatch(`it is not of ${table.name}`);
      if (!isAsRead(source, table, schemaOf(table)))
        throw mismatch(`${table.name} is not as it was when the view was refreshed`);
    }
    const key = JSON.stringify([
      view.metadata.tableUuid,
      view.metadata.currentSchemaId,
      view.sql,
      view.sources,
    ]);
    const known = this.#forms.get(key) ?? this.#form(view, tables);
    this.#forms.set(key, known);
    try {
      return await known;
    } catch (error) {
      // What it is not is so for good; what went wrong may go well.
      if (!(error instanceof Mismatch)) this.#forms.delete(key);
      throw error;
    }
  }

  async #form(view: StoredView, tables: readonly ResolvedTable[]): Promise<ViewForm> {
    const { parser, schemaOf } = this.#tools;
    const analyzed = await analyzeSql(parser, view.sql).catch(unreadable);
    const root = await parser.parse(view.sql, true);
    const named = analyzed.tables.map(({ name, at }) => {
      const dotted = dottedName(longName(name)).toLowerCase();
      const source = view.sources.find((each) => each.name.toLowerCase() === dotted);
      const table = tables.find(({ metadata }) => metadata.tableUuid === source?.uuid);
      if (table === undefined || at !== null)
        throw mismatch('its query reads its tables through another view');
      return table;
    });
    if (analyzed.stability !== 'stable') throw mismatch('its query has another answer each time');
    const found = foundTables(root, analyzed.tables, named);
    const [block] = findBlocks(root, found, await this.#tools.functionKinds(), schemaOf);
    if (block instanceof Mismatch) throw mismatch(`its own query is not compared: ${block.message}`);
    const ctes = isNode(root['cte_map']) ? nodesOf(root['cte_map']['map']) : [];
    if (block?.node !== root || ctes.length > 0) throw mismatch('its query is more than one SELECT');
    const columns = await this.#tools.columnsOf(view.sql, named).catch(unreadable);
    return viewForm(view, block, columns);
  }

  async typesOf({ node, sources }: BlockForm, expressions: readonly AstNode[]): Promise<readonly string[]> {
    const names = new Map(
      sources.leaves.flatMap(({ id, alias, fields }) =>
        fields.map((field) => [`${id}.${field.id}`, alias === '' ? [field.name] : [alias, field.name]]),
      ),
    );
    const written = (each: AstNode): AstNode => {
      const column = each[BOUND];
      return typeof column === 'string'
        ? columnNode(names.get(column) ?? [], each)
        : mapChildren(each, written);
    };
    const select = selectNode(expressions.map(written), node['from_table'] ?? null);
    const sql = await this.#tools.parser.write(select).catch(unreadable);
    const tables = sources.leaves.map(({ table }) => table);
    const columns = await this.#tools.columnsOf(sql, tables).catch(unreadable);
    return columns.map(({ type }) => type);
  }

  async textOf(expression: AstNode): Promise<string> {
    const select = selectNode([{ ...expression, alias: '' }], { type: 'EMPTY', alias: '', sample: null });
    const sql = await this.#tools.parser.write(select).catch(unreadable);
    return sql.slice('SELECT '.length);
  }
}

function selectNode(items: readonly AstNode[], from: AstNode[string]): AstNode {
  return {
    type: 'SELECT_NODE',
    modifiers: [],
    cte_map: { map: [] },
    select_list: items,
    from_table: from,
    where_clause: null,
    group_expressions: [],
    group_sets: [],
    aggregate_handling: 'STANDARD_HANDLING',
    having: null,
    sample: null,
    qualify: null,
  };
}

/** What can't be read over the tables as they are is no use to a query that can. */
function unreadable(error: unknown): never {
  if (error instanceof AppError && error.status < 500) throw mismatch(`it can't be read: ${error.message}`);
  throw error;
}
