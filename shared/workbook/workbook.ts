import { kindOf, type Kind, type WorkbookColumn } from './workbook-sql.ts';
import type { ZipEntry } from './zip.ts';

/** Rows of a sheet, its header among them. A text of a cell has that many characters at most. */
const MAX_ROWS = 1_048_576;
const MAX_TEXT = 32_767;
/** Digits that a number of a sheet keeps. */
const EXACT_DIGITS = 15;

const STYLE = { plain: 0, header: 1, date: 2, time: 3, timestamp: 4 } as const;

/** Every value as text; see workbookSql. */
export type WorkbookRow = readonly (string | null)[];

export interface WorkbookOutcome {
  rows: number;
  sheets: number;
  /** Texts that were longer than a cell may be. */
  cut: number;
}

/**
 * An Office Open XML workbook (ECMA-376) of one result, as entries of a ZIP archive. What does not fit one sheet goes
 * on in the next, under the same header. A number that a sheet can't keep to its last digit is written as text.
 *
 * @param batches rows of workbookSql
 * @param outcome is filled in as the rows go by
 */
export async function* workbook(
  columns: readonly WorkbookColumn[],
  batches: AsyncIterable<readonly WorkbookRow[]>,
  outcome: WorkbookOutcome,
  maxRows = MAX_ROWS,
): AsyncGenerator<ZipEntry> {
  const kinds = columns.map(({ type }) => kindOf(type));
  const letters = columns.map((_, column) => columnLetters(column));
  const rows = rowsOf(batches);
  let next = await rows.next();
  do {
    outcome.sheets += 1;
    const sheet = async function* () {
      yield `${PROLOG}<worksheet xmlns="${MAIN}"><sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews><sheetData>`;
      const header = columns.map(({ name }, column) =>
        textCell(`${letters[column]}1`, name, STYLE.header, outcome),
      );
      yield `<row r="1">${header.join('')}</row>`;
      for (let row = 2; row <= maxRows && next.done !== true; row++) {
        outcome.rows += 1;
        yield rowXml(row, next.value, { kinds, letters, outcome });
        next = await rows.next();
      }
      yield '</sheetData></worksheet>';
    };
    yield { name: `xl/worksheets/sheet${outcome.sheets}.xml`, content: sheet() };
  } while (next.done !== true);
  const numbers = Array.from({ length: outcome.sheets }, (_, at) => at + 1);
  yield part('[Content_Types].xml', contentTypes(numbers));
  yield part('_rels/.rels', relations([['rId1', `${OFFICE}/officeDocument`, 'xl/workbook.xml']]));
  yield part('xl/workbook.xml', workbookXml(numbers));
  yield part(
    'xl/_rels/workbook.xml.rels',
    relations([
      ...numbers.map((n): Relation => [`rId${n}`, `${OFFICE}/worksheet`, `worksheets/sheet${n}.xml`]),
      ['styles', `${OFFICE}/styles`, 'styles.xml'],
    ]),
  );
  yield part('xl/styles.xml', STYLES);
}

/** What a reader of the workbook should know. */
export function workbookNotes({ sheets, cut }: WorkbookOutcome): string[] {
  return [
    ...(sheets > 1 ? [`A sheet of Excel ends at 1,048,576 rows: the rows are on ${sheets} sheets.`] : []),
    ...(cut > 0 ? [`A cell of Excel ends at 32,767 characters: ${cut} texts were cut there.`] : []),
  ];
}

async function* rowsOf(batches: AsyncIterable<readonly WorkbookRow[]>): AsyncGenerator<WorkbookRow> {
  for await (const batch of batches) yield* batch;
}

interface SheetColumns {
  readonly kinds: readonly Kind[];
  readonly letters: readonly string[];
  readonly outcome: WorkbookOutcome;
}

/** Each cell says where it is: the format lets that be left out, and many readers do not. */
function rowXml(row: number, values: WorkbookRow, { kinds, letters, outcome }: SheetColumns): string {
  let cells = '';
  for (const [column, kind] of kinds.entries()) {
    const value = values[column];
    if (value !== null && value !== undefined)
      cells += cellXml(`${letters[column]}${row}`, value, kind, outcome);
  }
  return `<row r="${row}">${cells}</row>`;
}

function cellXml(at: string, text: string, kind: Kind, outcome: WorkbookOutcome): string {
  if (kind === 'boolean') return `<c r="${at}" t="b"><v>${text === 'true' ? 1 : 0}</v></c>`;
  if (kind === 'number' && isExact(text)) return `<c r="${at}"><v>${text}</v></c>`;
  if (kind !== 'number' && kind !== 'text' && text.startsWith('#'))
    return `<c r="${at}" s="${STYLE[kind]}"><v>${text.slice(1)}</v></c>`;
  return textCell(at, text, STYLE.plain, outcome);
}

/** A, B, …, Z, AA, AB, … */
function columnLetters(column: number): string {
  const rest = Math.floor(column / 26);
  return (rest > 0 ? columnLetters(rest - 1) : '') + String.fromCharCode(65 + (column % 26));
}

/** A float is what Excel has; of integers and decimals no digit may be lost. NaN and infinity are no numbers there. */
function isExact(text: string): boolean {
  if (/^-?\d*\.?\d+e[+-]?\d+$/i.test(text)) return true;
  const match = /^-?(\d*)\.?(\d*)$/.exec(text);
  if (match === null) return false;
  const digits = `${match[1]}${match[2]}`.replace(/^0+/, '').replace(/0+$/, '');
  // DOUBLE prints up to 17 digits, and is exactly what the cell holds.
  return digits.length <= EXACT_DIGITS || (text.includes('.') && digits.length <= EXACT_DIGITS + 2);
}

function textCell(at: string, text: string, style: number, outcome: WorkbookOutcome): string {
  let kept = text;
  if (kept.length > MAX_TEXT) {
    kept = `${kept.slice(0, MAX_TEXT - 1)}…`;
    outcome.cut += 1;
  }
  return `<c r="${at}"${style === 0 ? '' : ` s="${style}"`} t="inlineStr"><is><t xml:space="preserve">${escapeXml(kept)}</t></is></c>`;
}

/** What XML can't hold is written as Excel writes it, _xHHHH_; so is what would be read as that. */
function escapeXml(text: string): string {
  return text
    .replace(/_(?=x[0-9a-f]{4}_)/gi, '_x005F_')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replace(
      // oxlint-disable-next-line no-control-regex -- they are what is looked for
      /[\u0000-\u0008\u000b\u000c\u000d\u000e-\u001f\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g,
      (character) => `_x${character.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}_`,
    );
}

const PROLOG = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
const MAIN = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const OFFICE = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const PACKAGE = 'http://schemas.openxmlformats.org/package/2006';
const SHEET = 'application/vnd.openxmlformats-officedocument.spreadsheetml';

type Relation = readonly [id: string, type: string, target: string];

function part(name: string, xml: string): ZipEntry {
  return { name, content: [PROLOG + xml] };
}

function relations(list: readonly Relation[]): string {
  const items = list.map(
    ([id, type, target]) => `<Relationship Id="${id}" Type="${type}" Target="${target}"/>`,
  );
  return `<Relationships xmlns="${PACKAGE}/relationships">${items.join('')}</Relationships>`;
}

function contentTypes(sheets: readonly number[]): string {
  const override = (name: string, type: string) =>
    `<Override PartName="${name}" ContentType="${SHEET}.${type}+xml"/>`;
  return `<Types xmlns="${PACKAGE}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>${override('/xl/workbook.xml', 'sheet.main')}${override('/xl/styles.xml', 'styles')}${sheets.map((n) => override(`/xl/worksheets/sheet${n}.xml`, 'worksheet')).join('')}</Types>`;
}

function workbookXml(sheets: readonly number[]): string {
  const items = sheets.map(
    (n) => `<sheet name="Result${n === 1 ? '' : ` ${n}`}" sheetId="${n}" r:id="rId${n}"/>`,
  );
  return `<workbook xmlns="${MAIN}" xmlns:r="${OFFICE}"><sheets>${items.join('')}</sheets></workbook>`;
}

/** In the order of STYLE. */
const STYLES = `<styleSheet xmlns="${MAIN}"><numFmts count="3"><numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd"/><numFmt numFmtId="165" formatCode="hh:mm:ss.000"/><numFmt numFmtId="166" formatCode="yyyy\\-mm\\-dd\\ hh:mm:ss.000"/></numFmts><fonts count="2"><font><sz val="11"/><name val="Calibri"/></font><font><b/><sz val="11"/><name val="Calibri"/></font></fonts><fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders><cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs><cellXfs count="5"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/><xf numFmtId="0" fontId="1" fillId="0" borderId="0" xfId="0" applyFont="1"/>${[164, 165, 166].map((id) => `<xf numFmtId="${id}" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>`).join('')}</cellXfs><cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>`;
