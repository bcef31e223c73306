import { AppError } from '../errors/app-error.ts';

/** The dotted name that people and the API use. A level that has a dot itself is quoted as in SQL. */
export function dottedName(key: readonly string[]): string {
  return key.map((level) => (/^[^."]+$/.test(level) ? level : `"${level.replaceAll('"', '""')}"`)).join('.');
}

/** @throws INVALID_INPUT for text that is no dotted name */
export function parseDottedName(id: string): readonly string[] {
  const levels: string[] = [];
  const level = /(?:"((?:[^"]|"")+)"|([^."]+))(\.|$)/y;
  while (level.lastIndex < id.length) {
    const match = level.exec(id);
    if (match === null) break;
    levels.push(match[1]?.replaceAll('""', '"') ?? match[2] ?? '');
    if (match[3] === '') return levels;
  }
  throw new AppError('INVALID_INPUT', `"${id}" is no table name: write namespace.table.`, {
    context: { table: id },
  });
}
