/** DuckDB's keywords that a query is written with. */
export const SQL_KEYWORDS: readonly string[] = (
  'SELECT|FROM|WHERE|GROUP BY|ORDER BY|HAVING|LIMIT|OFFSET|DISTINCT|AS|JOIN|LEFT JOIN|INNER JOIN|FULL JOIN|CROSS JOIN|' +
  'ASOF JOIN|ON|USING|UNION ALL|UNION|EXCEPT|INTERSECT|WITH|WITH RECURSIVE|CASE|WHEN|THEN|ELSE|END|AND|OR|NOT|IN|EXISTS|' +
  'BETWEEN|LIKE|ILIKE|IS NULL|IS NOT NULL|NULL|TRUE|FALSE|ASC|DESC|NULLS FIRST|NULLS LAST|OVER|PARTITION BY|QUALIFY|WINDOW|' +
  'ROWS BETWEEN|FILTER|EXCLUDE|REPLACE|COLUMNS|PIVOT|UNPIVOT|SAMPLE|VALUES|CAST|INTERVAL|AT (VERSION => |' +
  'AT (TIMESTAMP => |DESCRIBE|SUMMARIZE|EXPLAIN'
).split('|');

/** Words that may follow a table of a FROM clause. */
export const AFTER_TABLE_KEYWORDS: readonly string[] = (
  'AS|JOIN|LEFT JOIN|INNER JOIN|FULL JOIN|CROSS JOIN|ASOF JOIN|ON|USING|WHERE|GROUP BY|ORDER BY|HAVING|QUALIFY|LIMIT|' +
  'UNION ALL|AT (VERSION => |AT (TIMESTAMP => |SELECT'
).split('|');

export interface SqlTemplate {
  readonly label: string;
  readonly detail: string;
  /** In Monaco's snippet form: ${1:word} is a place to fill. */
  readonly snippet: string;
}

/** Whole shapes of queries, offered where a statement begins. */
export const SQL_TEMPLATES: readonly SqlTemplate[] = [
  {
    label: 'select … group by',
    detail: 'count by a column',
    snippet: 'SELECT ${1:column}, count(*) AS ${2:n}\nFROM ${3:table}\nGROUP BY ALL\nORDER BY ${2:n} DESC',
  },
  {
    label: 'with … select',
    detail: 'common table expression',
    snippet: 'WITH ${1:name} AS (\n  SELECT ${2:*}\n  FROM ${3:table}\n)\nSELECT *\nFROM ${1:name}',
  },
  {
    label: 'select … at version',
    detail: 'a table at a branch, tag or commit',
    snippet: "SELECT *\nFROM ${1:table} AT (VERSION => '${2:main}')\nLIMIT 100",
  },
  {
    label: 'top row of each group',
    detail: 'QUALIFY row_number()',
    snippet:
      'SELECT *\nFROM ${1:table}\nQUALIFY row_number() OVER (PARTITION BY ${2:group} ORDER BY ${3:column} DESC) = 1',
  },
  {
    label: 'merge into',
    detail: 'update what is there, insert what is not',
    snippet:
      'MERGE INTO ${1:table} t\nUSING ${2:source} s ON t.${3:id} = s.${3:id}\nWHEN MATCHED THEN UPDATE\nWHEN NOT MATCHED THEN INSERT',
  },
  {
    label: 'case when',
    detail: 'value by condition',
    snippet: 'CASE WHEN ${1:condition} THEN ${2:value} ELSE ${3:other} END',
  },
];
