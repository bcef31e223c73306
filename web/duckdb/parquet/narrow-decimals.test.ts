// @vitest-environment node
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { ParquetFile } from 'parquet-wasm/node';
import { tableFromIPC } from 'apache-arrow';
import { describe, expect, it } from 'vitest';
import { footerBytes, narrowDecimals } from './narrow-decimals.ts';
import type { Tail } from './tail.ts';

function tailOf(name: string): Tail {
  const url = new URL(`../../../shared/iceberg/testing/parquet/${name}.parquet`, import.meta.url);
  const bytes = new Uint8Array(readFileSync(url));
  return { url: url.href, size: bytes.length, bytes };
}

async function columnsOf(bytes: Uint8Array<ArrayBuffer>): Promise<string[]> {
  const file = await ParquetFile.fromFile(new Blob([bytes]));
  const { schema } = tableFromIPC(file.schema().intoIPCStream());
  file.free();
  return schema.fields.map(({ name, type }) => `${name} ${String(type)}`);
}

describe('narrowDecimals', () => {
  it.each([
    ['int32_decimal', 'DECIMAL(4,2)', 'value Int32'],
    ['int64_decimal', 'DECIMAL(10,2)', 'value Int64'],
  ])('has the reader take those of %s for integers', async (name, sqlType, column) => {
    const tail = tailOf(name);
    const narrowed = narrowDecimals(tail);
    expect(narrowed?.decimals).toEqual(new Map([[0, sqlType]]));
    expect(narrowed?.tail.bytes).toHaveLength(tail.bytes.length);
    expect(await columnsOf(narrowed?.tail.bytes as Uint8Array<ArrayBuffer>)).toEqual([column]);
  });

  it.each(['fixed_length_decimal_legacy', 'byte_array_decimal', 'alltypes_plain', 'nullable.impala'])(
    'leaves %s as it is',
    (name) => expect(narrowDecimals(tailOf(name))).toBeNull(),
  );

  it('wants the whole footer, and says how long that is', () => {
    const { url, size, bytes } = tailOf('int64_decimal');
    const whole = footerBytes({ size, bytes }) ?? 0;
    const tail = (length: number) => ({ url, size, bytes: bytes.slice(size - length) });
    expect(narrowDecimals(tail(whole))?.decimals.size).toBe(1);
    expect(footerBytes(tail(20))).toBe(whole);
    expect(narrowDecimals(tail(whole - 1))).toBeNull();
  });

  it('leaves what is damaged to the reader', () => {
    const { url, size, bytes } = tailOf('int64_decimal');
    fc.assert(
      fc.property(fc.nat(size - 1), fc.nat(255), (at, value) => {
        const damaged = bytes.slice();
        damaged[at] = value;
        const narrowed = narrowDecimals({ url, size, bytes: damaged });
        expect(narrowed?.tail.bytes.length ?? size).toBe(size);
      }),
    );
  });
});
