// @vitest-environment node
import { beforeAll, describe, expect, it } from 'vitest';
import type { Scan } from '#shared/contract/plan.ts';
import { duckDbTypeOf } from '#shared/iceberg/duckdb-types.ts';
import { FOREIGN_FILES, type ForeignFile } from '#shared/iceberg/testing/foreign-files.ts';
import { serverMayDoBetter } from '../tab-error.ts';
import { openNodeTab, type NodeTab } from '../testing/node-tab.ts';

const FOLDER = new URL('../../../shared/iceberg/testing/parquet/', import.meta.url);

describe('a file of another writer without field ids', () => {
  let tab: NodeTab;
  beforeAll(async () => {
    tab = await openNodeTab();
  });

  const scanOf = ({ name, rows, fields }: Pick<ForeignFile, 'name' | 'rows' | 'fields'>): Scan => ({
    view: 'scan',
    table: 't',
    columns: fields.map((field) => ({
      fieldId: field.id,
      name: field.name,
      type: field.type,
      sqlType: duckDbTypeOf(field.type),
    })),
    files: [
      {
        url: new URL(`${name}.parquet`, FOLDER).href,
        bytes: 1000,
        rows,
        columns: fields.map((field) => ({ name: field.name, bytes: 1 })),
      },
    ],
    filesKnown: 1,
    pruning: [],
  });

  it.each(FOREIGN_FILES)('$name', async (file) => {
    expect(await tab.rows([scanOf(file)], file.sql)).toEqual(file.expected);
  });

  it('is left to the server where the decoder would wrap its timestamps', async () => {
    const fields = [{ id: 1, name: 'a', required: false, type: 'timestamptz' }];
    const scan = scanOf({ name: 'int96_from_spark', rows: 6, fields });
    const failed: unknown = await tab.rows([scan], 'FROM scan').catch((error: unknown) => error);
    expect(failed).toMatchObject({ code: 'UNSUPPORTED', context: { column: 'a' } });
    expect(serverMayDoBetter(failed)).toBe(true);
  });
});
