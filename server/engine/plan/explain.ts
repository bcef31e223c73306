/** What a query reads of one table, as DuckDB's optimizer has worked out. */
export interface ScanUse {
  /** Indexes of the columns whose values matter. */
  readonly columns: ReadonlySet<number>;
  /**
   * For each scan of the table in the plan: SQL conditions over columns called `_c0_`, `_c1_`…; a row that
   * fails one of them cannot change the answer.
   */
  readonly filters: readonly (readonly string[])[];
}

/**
 * Whether a plan is the scan of one table and nothing else: then a row is in the answer exactly where it passes the
 * scan's conditions.
 */
export function isBareScan(json: string): boolean {
  const roots = JSON.parse(json) as readonly PlanNode[];
  let scans = 0;
  const visit = (node: PlanNode): boolean => {
    const { Table: table, Filters: filters } = node.extra_info ?? {};
    const isScan = typeof table === 'string' && SCANNED.test(table);
    if (isScan) scans += 1;
    return (
      (isScan || node.name?.trim() === 'PROJECTION') &&
      texts(filters).every(hasBalancedQuotes) &&
      (node.children ?? []).every(visit)
    );
  };
  return roots.every(visit) && scans === 1;
}

/** The empty table that stands for table `index` of a query while it is planned. */
export function emptyTableName(index: number): string {
  return `__timestream_empty_${index}`;
}

/** The index of the table that a scan of EXPLAIN's stands for; null where it stands for none. */
export function scannedTable(info: Readonly<Record<string, unknown>>): number | null {
  const index = SCANNED.exec(typeof info['Table'] === 'string' ? info['Table'] : '')?.[1];
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

const SCANNED = /(?:^|\.)"?__timestream_empty_(\d+)"?$/;

/**
 * Reads EXPLAIN (FORMAT json) of a physical plan over empty tables.
 *
 * @returns one entry per table; null for one that the plan does not scan: no row of it can matter.
 */
export function readExplain(json: string, tableCount: number): (ScanUse | null)[] {
  const uses: ({ columns: Set<number>; filters: string[][] } | null)[] = Array.from(
    { length: tableCount },
    () => null,
  );
  const visit = (node: PlanNode): void => {
    const info = node.extra_info ?? {};
    const table = scannedTable(info);
    if (table !== null) {
      const use = (uses[table] ??= { columns: new Set(), filters: [] });
      const filters = texts(info['Filters']);
      for (const text of [...texts(info['Projections']), ...filters])
        for (const match of text.matchAll(/_c(\d+)_/g)) use.columns.add(Number(match[1]));
      // A newline inside of a string would have been taken for the end of a condition.
      use.filters.push(filters.every(hasBalancedQuotes) ? filters : []);
    }
    for (const child of node.children ?? []) visit(child);
  };
  for (const root of JSON.parse(json) as readonly PlanNode[]) visit(root);
  return uses;
}

function texts(value: unknown): string[] {
  const list: readonly unknown[] = Array.isArray(value) ? value : [value];
  return list.filter((item) => typeof item === 'string' && item !== '') as string[];
}

function hasBalancedQuotes(text: string): boolean {
  return (text.split("'").length - 1) % 2 === 0;
}
