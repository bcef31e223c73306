import { columnsIn, guardedColumns, type NamedType } from './guarded-columns.ts';

/** What a query reads of one table, as DuckDB's optimizer has worked out. */
export interface ScanUse {
  /** Indexes of the columns whose values matter. */
  readonly columns: ReadonlySet<number>;
  /**
   * For each scan of the table in the plan: SQL conditions over columns called `_c0_`, `_c1_`…; a row that
   * fails one of them cannot change the answer.
   */
  readonly filters: readonly (readonly string[])[];
  /**
   * For each scan, conditions above it that every row has to pass, over columns by the names that they have there (see
   * ColumnNames): conditions that may fail (`year(d) = 2002` may, for DuckDB) stay behind the names that a query gives.
   */
  readonly above: readonly (readonly string[])[];
  /** Indexes of columns whose conditions must not reach the scan; see guardedColumns. */
  readonly guarded: ReadonlySet<number>;
}

/**
 * What is done to the rows of one table, row by row aside. Of those that pass the scan's conditions: they are the answer
 * (`scan`), some of them are (`limit`), or they are aggregated without groups (`aggregate`). Of those that pass other
 * conditions too: they are the answer (`filter`). Or rows are aggregated in groups, or after other conditions (`groups`).
 */
export type PlanShape = 'scan' | 'limit' | 'aggregate' | 'filter' | 'groups';

/** From the root down: what a step makes of the shape of what is above it. */
const SHAPES: ReadonlyMap<string, Partial<Record<PlanShape, PlanShape>>> = new Map([
  ['LIMIT', { scan: 'limit' }],
  ['STREAMING_LIMIT', { scan: 'limit' }],
  ['UNGROUPED_AGGREGATE', { scan: 'aggregate' }],
  ['HASH_GROUP_BY', { scan: 'groups' }],
  ['PERFECT_HASH_GROUP_BY', { scan: 'groups' }],
  ['FILTER', { scan: 'filter', filter: 'filter', aggregate: 'groups', groups: 'groups' }],
]);

/** The shape of a plan; null where it is more than that. */
export function planShape(json: string): PlanShape | null {
  const [root, ...others] = JSON.parse(json) as readonly PlanNode[];
  if (others.length > 0) return null;
  let shape: PlanShape | undefined = 'scan';
  for (let node = root; node !== undefined; node = node.children?.[0]) {
    const info = node.extra_info ?? {};
    const name = node.name?.trim() ?? '';
    if ((node.children?.length ?? 0) > 1 || !texts(info['Filters']).every(hasBalancedQuotes)) return null;
    if (scannedTable(info) !== null) return shape;
    if (name !== 'PROJECTION') shape = SHAPES.get(name)?.[shape];
    if (shape === undefined) return null;
  }
  return null;
}

/** Each row of one side is held against each of the other. */
const LOOPS: ReadonlySet<string> = new Set([
  'CROSS_PRODUCT',
  'NESTED_LOOP_JOIN',
  'BLOCKWISE_NL_JOIN',
  'PIECEWISE_MERGE_JOIN',
  'IE_JOIN',
]);

/** Whether a plan compares all rows of one side with all of another, one that has one row only aside. */
export function hasLoops(json: string): boolean {
  const loops = ({ name, children = [] }: PlanNode): boolean =>
    (LOOPS.has(name?.trim() ?? '') && !children.some(isOneRow)) || children.some(loops);
  return (JSON.parse(json) as readonly PlanNode[]).some(loops);
}

function isOneRow(node: PlanNode): boolean {
  const name = node.name?.trim();
  const [below] = node.children ?? [];
  if (name === 'PROJECTION') return below !== undefined && isOneRow(below);
  return name === 'UNGROUPED_AGGREGATE' || name === 'DUMMY_SCAN';
}

/** The empty table that stands for table `index` of a query while it is planned. */
export function emptyTableName(index: number): string {
  return `__timestream_empty_${index}`;
}

/** The index of the table that a scan of EXPLAIN's stands for; null where it stands for none. */
export function scannedTable(info: Readonly<Record<string, unknown>>): number | null {
  return emptyTableIndex(typeof info['Table'] === 'string' ? info['Table'] : '');
}

/** What emptyTableName was made of, of a name that may say more; null for others. */
export function emptyTableIndex(name: string): number | null {
  const index = SCANNED.exec(name)?.[1];
  return index === undefined ? null : Number(index);
}

export function emptyColumnName(index: number): string {
  return `_c${index}_`;
}

interface PlanNode {
  readonly name?: string;
  readonly children?: readonly PlanNode[];
  readonly extra_info?: Readonly<Record<string, unknown>>;
}

interface MutableUse {
  readonly columns: Set<number>;
  readonly filters: (readonly string[])[];
  readonly above: (readonly string[])[];
  readonly guarded: Set<number>;
}

const SCANNED = /(?:^|\.)"?__timestream_empty_(\d+)"?$/;

/**
 * Reads EXPLAIN (FORMAT json) of a physical plan over empty tables.
 *
 * @param tables the columns of each
 * @returns one entry per table; null for one that the plan does not scan: no row of it can matter.
 */
export function readExplain(json: string, tables: readonly (readonly NamedType[])[]): (ScanUse | null)[] {
  const uses: (MutableUse | null)[] = tables.map(() => null);
  const roots = JSON.parse(json) as readonly PlanNode[];
  const joins = roots.flatMap(joinConditions);
  const visit = (
    node: PlanNode,
    parent: readonly string[],
    above: readonly string[],
    mixing: Mixing,
  ): void => {
    const info = node.extra_info ?? {};
    const own = texts(info['Expression']);
    const table = scannedTable(info);
    if (table !== null) {
      const use = (uses[table] ??= { columns: new Set(), filters: [], above: [], guarded: new Set() });
      const filters = texts(info['Filters']);
      const projections = texts(info['Projections']);
      for (const text of [...projections, ...filters])
        for (const index of columnsIn(text)) use.columns.add(index);
      // All its conditions: one with a newline in a string is in several texts here.
      const scan = { projections, conditions: [...filters, ...parent], joins, mixed: mixing === 'mixed' };
      for (const index of guardedColumns(scan, tables[table] ?? [])) use.guarded.add(index);
      // A newline inside of a string would have been taken for the end of a condition.
      use.filters.push(filters.every(hasBalancedQuotes) ? filters : []);
      use.above.push(above);
    }
    const name = node.name?.trim() ?? '';
    const below = conditionsBelow(name, own, above);
    const mixed = mixingBelow(name, mixing);
    for (const child of node.children ?? []) visit(child, own, below, mixed);
  };
  for (const root of roots) visit(root, [], [], null);
  return uses;
}

function joinConditions({ extra_info: info = {}, children = [] }: PlanNode): readonly string[] {
  return [...texts(info['Conditions']), ...children.flatMap(joinConditions)];
}

/** How far down the plan is at rows of several scans of which the first are wanted: there are limits, an order, and a union. */
type Mixing = 'limited' | 'sorted' | 'mixed' | null;

function mixingBelow(name: string, above: Mixing): Mixing {
  if (above === null) return name === 'LIMIT' || name === 'STREAMING_LIMIT' ? 'limited' : null;
  if (above === 'limited') return name === 'ORDER_BY' ? 'sorted' : above;
  return name === 'UNION' ? 'mixed' : above;
}

/** The conditions that rows have to pass which a step reads. @param above those of the rows that it gives */
function conditionsBelow(name: string, own: readonly string[], above: readonly string[]): readonly string[] {
  if (name === 'PROJECTION') return above;
  return name === 'FILTER' ? [...above, ...(own.every(hasBalancedQuotes) ? own : [])] : [];
}

function texts(value: unknown): string[] {
  const list: readonly unknown[] = Array.isArray(value) ? value : [value];
  return list.filter((item) => typeof item === 'string' && item !== '') as string[];
}

function hasBalancedQuotes(text: string): boolean {
  return (text.split("'").length - 1) % 2 === 0;
}
