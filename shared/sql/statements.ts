import { tokenize, type Token } from './tokenize.ts';

export interface StatementSpan {
  /** From its first to its last significant character, without the semicolon. */
  readonly text: string;
  /** UTF-16 offsets of `text` in the whole. */
  readonly start: number;
  readonly end: number;
}

/**
 * Cuts a script at its semicolons, minding strings, quoted identifiers, dollar quotes and comments. Statements
 * with nothing but space and comments are left out. Works on text that does not parse.
 */
export function splitStatements(sql: string): StatementSpan[] {
  return statementsOf(sql, tokenize(sql));
}

/** splitStatements of a text whose tokens are known, be it with or without those that mean nothing. */
export function statementsOf(sql: string, tokens: Iterable<Token>): StatementSpan[] {
  const statements: StatementSpan[] = [];
  let start = -1;
  let end = -1;
  const finish = (): void => {
    if (start >= 0) statements.push({ text: sql.slice(start, end), start, end });
    start = -1;
  };
  for (const token of tokens) {
    if (token.kind === 'space' || token.kind === 'comment') continue;
    if (token.kind === 'symbol' && sql.charAt(token.start) === ';') {
      finish();
      continue;
    }
    if (start < 0) start = token.start;
    end = token.end;
  }
  finish();
  return statements;
}

/** The statement that a cursor stands in or right behind; between two, the one before it. */
export function statementAt(sql: string, offset: number): StatementSpan | null {
  const statements = splitStatements(sql);
  let found: StatementSpan | null = statements[0] ?? null;
  for (const statement of statements) if (statement.start <= offset) found = statement;
  return found;
}

/**
 * A script with all but its last statement blanked: what is left stands at the same offset, and on the same line. The
 * text itself where it has no more than one statement.
 */
export function lastStatementInPlace(sql: string): string {
  const statements = splitStatements(sql);
  const last = statements.at(-1);
  return last === undefined || statements.length === 1 ? sql : statementInPlace(sql, last);
}

/** One statement of a script with everything else blanked; see lastStatementInPlace. */
export function statementInPlace(
  sql: string,
  { start, text }: Pick<StatementSpan, 'start' | 'text'>,
): string {
  return sql.slice(0, start).replaceAll(/[^\n]/g, ' ') + text;
}

const BEGIN = /^(begin|start)(\s+(transaction|work))?$/i;
const END = /^(commit|end|rollback|abort)(\s+(transaction|work))?$/i;

/** Whether a statement says that those behind it are to be one commit. */
export function beginsTransaction(statement: string): boolean {
  return BEGIN.test(statement);
}

/** What is run at once: a statement, or all from BEGIN to COMMIT. */
export interface ScriptStep {
  readonly sql: string;
  /** UTF-16 units into the script. */
  readonly offset: number;
}

/** What a script runs, one after the other: its statements, of which those from BEGIN to COMMIT are one. */
export function scriptSteps(script: string): readonly ScriptStep[] {
  const steps: ScriptStep[] = [];
  let begun: number | null = null;
  const statements = splitStatements(script);
  for (const [at, { text, start, end }] of statements.entries()) {
    if (begun === null && beginsTransaction(text)) begun = start;
    // What is never ended goes as a whole too: whoever runs it says what is missing.
    const ends = END.test(text) || at === statements.length - 1;
    if (begun === null) steps.push({ sql: text, offset: start });
    else if (ends) {
      steps.push({ sql: script.slice(begun, end), offset: begun });
      begun = null;
    }
  }
  return steps;
}
