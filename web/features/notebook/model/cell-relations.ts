import type { Cell } from '#shared/contract/notebooks.ts';
import type {
  ComposeCell,
  ComposedSql,
  ComposeRequest,
  SqlOutline,
} from '#shared/contract/notebook-relations.ts';
import { cellSql, inputParameters } from '#shared/notebook/cell-sql.ts';
import { tokenize } from '#shared/sql/tokenize.ts';
import { cellsByName, notebookGraph, type NotebookGraph } from '#shared/notebook/graph.ts';
import { isNamedRelation, isRelationCell } from '#shared/notebook/named-cells.ts';
import { relationSql } from '#shared/notebook/relation-sql.ts';
import { mayNameCells, nameOf, type Outliner } from './outliner.ts';

/** A text, and what it names. */
export type Outlined = readonly [text: string, outline: SqlOutline];

export interface RelationPorts {
  readonly outliner: Outliner;
  readonly compose: (request: ComposeRequest, signal: AbortSignal) => Promise<ComposedSql>;
}

/** How the cells of one notebook rest on each other. */
export class CellRelations {
  readonly #ports: RelationPorts;
  #cells: readonly Cell[] = [];
  #names: ReadonlySet<string> = new Set();
  /** SQL of which the parser has to say what it names. */
  #texts: readonly string[] = [];
  #graph: NotebookGraph | null = null;
  #graphVersion = -1;
  /** By what they are of, cell and ref, of this graph. */
  readonly #signatures = new Map<string, string>();

  constructor(ports: RelationPorts) {
    this.#ports = ports;
  }

  get outliner(): Outliner {
    return this.#ports.outliner;
  }

  /** The cells as they are now; what is not known of their SQL is asked for. */
  update(cells: readonly Cell[]): void {
    if (cells === this.#cells) return;
    this.#cells = cells;
    this.#names = new Set(cellsByName(cells).keys());
    this.#texts = cells.flatMap((cell) => {
      const sql = cellSql(cell);
      return sql !== null && this.needsCells(sql) ? [sql] : [];
    });
    this.#graph = null;
    this.outliner.request(this.#texts);
  }

  get graph(): NotebookGraph {
    if (this.#graph === null || this.#graphVersion !== this.outliner.version) {
      this.#graph = notebookGraph(this.#cells, this.outliner.outlineOf);
      this.#graphVersion = this.outliner.version;
      this.#signatures.clear();
    }
    return this.#graph;
  }

  /** Whether the graph is that of the cells as they are now. */
  get known(): boolean {
    return this.#texts.every((text) => this.outliner.outlineOf(text) !== undefined);
  }

  /** Whether that is about to become known: it may never be, while the server is away. */
  get pending(): boolean {
    return this.#texts.some(this.outliner.isPending);
  }

  /** What the graph was made of: texts, with what they name. Null until all of it is known. */
  outlines(): readonly Outlined[] | null {
    const outlines = this.#texts.flatMap((text): Outlined[] => {
      const outline = this.outliner.outlineOf(text);
      return outline === undefined ? [] : [[text, outline]];
    });
    return outlines.length < this.#texts.length ? null : outlines;
  }

  /** Resolves once the graph is that of the cells as they are now. */
  async settled(): Promise<void> {
    await this.outliner.ensure(this.#texts);
  }

  /** Whether SQL has to be composed before it can run. */
  needsCells(sql: string): boolean {
    return mayNameCells(sql, this.#names);
  }

  /** The statement for a cell; `sql` in the place of its own, such as one statement of it. */
  async compose(id: string, sql: string, ref: string, signal: AbortSignal): Promise<ComposedSql> {
    const cells = this.#cells.flatMap((cell): ComposeCell[] => {
      const own = cell.id === id ? sql : relationSql(cell);
      const name = isRelationCell(cell) ? cell.name : undefined;
      if (own === null || (name === undefined && cell.id !== id)) return [];
      const at = cell.kind === 'sql' ? cell.ref : undefined;
      return [
        {
          id: cell.id,
          sql: own,
          ...(name === undefined ? {} : { name }),
          ...(at === undefined ? {} : { ref: at }),
        },
      ];
    });
    return this.#ports.compose({ cells, parameters: inputParameters(this.#cells), target: id, ref }, signal);
  }

  /** What an answer of a cell depends on, as text: where two are equal, so are the answers. */
  signature(id: string, ref: string): string {
    return this.#known('answer', id, ref);
  }

  /** What those that read a cell get of it depends on. */
  relationSignature(id: string, ref: string): string {
    return this.#known('relation', id, ref);
  }

  #known(of: 'answer' | 'relation', id: string, ref: string): string {
    const { graph } = this;
    const key = `${of}\n${id}\n${ref}`;
    const known = this.#signatures.get(key) ?? this.#signatureIn(graph, id, ref, of);
    this.#signatures.set(key, known);
    return known;
  }

  #signatureIn(graph: NotebookGraph, id: string, ref: string, of: 'answer' | 'relation'): string {
    const byId = new Map(this.#cells.map((cell) => [cell.id, cell]));
    const upstream = [...graph.upstream(id)];
    const named = new Map(
      upstream.flatMap((each): [string, string][] => {
        const cell = byId.get(each);
        return cell !== undefined && isNamedRelation(cell) ? [[cell.name.toLowerCase(), each]] : [];
      }),
    );
    return JSON.stringify(
      [...upstream, id].map((each) => {
        const cell = byId.get(each);
        if (cell === undefined) return null;
        const values = inputParameters([cell]).map(({ value }) => value);
        // What an input offers to choose from says nothing of what was chosen.
        if (each !== id && cell.kind === 'input') return values;
        const sql = each === id && of === 'answer' ? cellSql(cell) : relationSql(cell);
        return [byIds(sql, named), cell.kind === 'sql' ? (cell.ref ?? ref) : ref];
      }),
    );
  }
}

/** SQL with the ids of cells for their names: a name that changes, here and there at once, changes no answer. */
function byIds(sql: string | null, named: ReadonlyMap<string, string>): string | null {
  if (sql === null || named.size === 0) return sql;
  return [...tokenize(sql)]
    .map((token) => {
      const id = named.get(nameOf(sql, token) ?? '');
      return id === undefined ? sql.slice(token.start, token.end) : `\u0000${id}`;
    })
    .join('');
}
