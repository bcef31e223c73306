import { splitStatements } from '#shared/sql/statements.ts';
import type { RunStep } from './prepared-run.ts';

const BEGIN = /^(begin|start)(\s+(transaction|work))?$/i;
const END = /^(commit|end|rollback|abort)(\s+(transaction|work))?$/i;

/**
 * What a cell's text runs, one after the other: its statements, of which those from BEGIN to COMMIT are one. A single
 * step goes as it was typed, so that places in it are places in the cell.
 */
export function runSteps(sql: string): readonly RunStep[] {
  const steps: RunStep[] = [];
  let begun: number | null = null;
  const statements = splitStatements(sql);
  for (const [at, { text, start, end }] of statements.entries()) {
    if (begun === null && BEGIN.test(text)) begun = start;
    // What is never ended goes as a whole too: whoever runs it says what is missing.
    const ends = END.test(text) || at === statements.length - 1;
    if (begun === null) steps.push({ sql: text, offset: start });
    else if (ends) {
      steps.push({ sql: sql.slice(begun, end), offset: begun });
      begun = null;
    }
  }
  return steps.length === 1 ? [{ sql, offset: 0 }] : steps;
}
