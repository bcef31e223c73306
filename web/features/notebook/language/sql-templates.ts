import { editorSnippet, snippetText } from '#web/lib/snippet-text.ts';
import type { Suggestion } from './complete.ts';
import type { LanguageFacts } from './language-facts.ts';

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
  {
    label: 'select … at timestamp',
    detail: 'a table as it was',
    snippet: "SELECT *\nFROM ${1:table} AT (TIMESTAMP => TIMESTAMP '${2:2026-01-31 18:00:00}')\nLIMIT 100",
  },
  {
    label: 'rows added since a version',
    detail: 'EXCEPT between two snapshots',
    snippet:
      "SELECT * FROM ${1:table}\nEXCEPT ALL\nSELECT * FROM ${1:table} AT (VERSION => '${2:branch, tag or commit}')",
  },
  {
    label: 'create view',
    detail: 'a query under a name',
    snippet: 'CREATE VIEW ${1:namespace.view} AS\nSELECT ${2:*}\nFROM ${3:table}',
  },
  {
    label: 'undrop table',
    detail: 'bring back what was dropped',
    snippet: 'UNDROP TABLE ${1:table}',
  },
  {
    label: 'restore table',
    detail: 'make a table what it was',
    snippet: "RESTORE TABLE ${1:table} TO VERSION '${2:branch, tag or commit}'",
  },
  {
    label: 'insert … select',
    detail: 'append rows',
    snippet: 'INSERT INTO ${1:table}\nSELECT ${2:*}\nFROM ${3:source}',
  },
  {
    label: 'create table … as',
    detail: 'a table from a query',
    snippet: 'CREATE TABLE ${1:namespace.table} AS\nSELECT ${2:*}\nFROM ${3:source}',
  },
  {
    label: 'update … set',
    detail: 'change rows',
    snippet: 'UPDATE ${1:table}\nSET ${2:column} = ${3:value}\nWHERE ${4:condition}',
  },
  {
    label: 'create branch',
    detail: 'work apart from main',
    snippet: 'CREATE BRANCH ${1:name}',
  },
  {
    label: 'merge branch',
    detail: 'land a branch',
    snippet: 'MERGE BRANCH ${1:name} INTO ${2:main}',
  },
  {
    label: 'optimize',
    detail: 'fewer, larger files in an order',
    snippet: 'OPTIMIZE ${1:table} ZORDER BY (${2:column})',
  },
  {
    label: 'keep one row of duplicates',
    detail: 'window dedupe by a key',
    snippet:
      'SELECT * EXCLUDE (place)\nFROM (\n  SELECT *, row_number() OVER (PARTITION BY ${2:key} ORDER BY ${3:updated_at} DESC) AS place\n  FROM ${1:table}\n)\nWHERE place = 1',
  },
  {
    label: 'asof join',
    detail: 'the newest row at or before each time',
    snippet:
      'SELECT ${3:*}\nFROM ${1:events} e\nASOF LEFT JOIN ${2:prices} p ON e.${4:id} = p.${4:id} AND e.${5:time} >= p.${5:time}',
  },
  {
    label: 'moving average',
    detail: 'over the rows before',
    snippet:
      'SELECT ${2:day}, avg(${3:value}) OVER (ORDER BY ${2:day} ROWS BETWEEN ${4:6} PRECEDING AND CURRENT ROW) AS moving\nFROM ${1:table}',
  },
  {
    label: 'pivot',
    detail: 'values of a column as columns',
    snippet: 'PIVOT ${1:table}\nON ${2:column}\nUSING sum(${3:value})\nGROUP BY ${4:key}',
  },
];

/** Shapes of queries where a statement or an expression begins: those that people keep before ours. */
export function templates({ snippets = [] }: Pick<LanguageFacts, 'snippets'>, rank: number): Suggestion[] {
  const own = snippets.map(({ name, sql, description }) => ({
    label: name,
    detail: description === '' ? 'own snippet' : description,
    snippet: editorSnippet(sql),
    text: snippetText(sql),
  }));
  const ours = SQL_TEMPLATES.map((each) => ({ ...each, text: snippetText(each.snippet) }));
  return [...own, ...ours].map(({ label, detail, snippet, text }) => ({
    kind: 'template',
    label,
    // With a space in it, "SELECT " would still be its beginning, and hide all that may follow SELECT.
    match: label.replaceAll(/\s/g, ''),
    insert: snippet,
    snippet: true,
    detail,
    about: text,
    rank,
  }));
}
