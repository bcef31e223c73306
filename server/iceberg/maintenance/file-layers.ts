import type { Schema } from '#shared/iceberg/schema.ts';
import { findFieldById } from '#shared/iceberg/schema.ts';
import { isPrimitive } from '#shared/iceberg/types.ts';
import { compareValues, type IcebergValue } from '#shared/iceberg/values.ts';
import type { DataFile } from '../manifest/data-file.ts';
import { decodeValue } from '../values/single-value.ts';

/** A file as a box over the clustering columns: for each, the ranks of its least and its greatest value. */
interface Box {
  readonly file: DataFile;
  readonly low: readonly number[];
  readonly high: readonly number[];
  /** It has one value in each column: nothing can make it narrower. */
  readonly isPoint: boolean;
  readonly volume: number;
}

/**
 * Puts files of one partition into layers: in a layer no two files have values in common in all of the columns, so
 * a search for one combination of values reads one file of each layer at most. A table that was just clustered is
 * one layer; files that were written in the order of arrival are each a layer of their own.
 *
 * Narrow files are placed first, so that wide ones end up alone. Files of a single combination of values are in the
 * first layer, however many there are.
 *
 * @returns layers by the number of their files, largest first
 */
export function layersOf(
  files: readonly DataFile[],
  schema: Schema,
  fieldIds: readonly number[],
): readonly (readonly DataFile[])[] {
  const boxes = boxesOf(files, schema, fieldIds);
  const layers: Box[][] = [];
  const points = boxes.filter((box) => box.isPoint);
  for (const box of boxes.filter(({ isPoint }) => !isPoint).sort((a, b) => a.volume - b.volume)) {
    const layer = layers.find((candidate) => !candidate.some((other) => overlap(box, other)));
    if (layer === undefined) layers.push([box]);
    else layer.push(box);
  }
  layers.sort((a, b) => b.length - a.length);
  if (points.length > 0) layers.splice(0, 1, [...(layers[0] ?? []), ...points]);
  return layers.map((layer) => layer.map(({ file }) => file));
}

function overlap(a: Box, b: Box): boolean {
  for (let column = 0; column < a.low.length; column += 1) {
    const aLow = a.low[column] ?? 0;
    const bLow = b.low[column] ?? 0;
    if (aLow > (b.high[column] ?? 0) || bLow > (a.high[column] ?? 0)) return false;
  }
  return true;
}

/** Bounds become their ranks among all bounds of the column, so that they are compared once. */
function boxesOf(files: readonly DataFile[], schema: Schema, fieldIds: readonly number[]): readonly Box[] {
  const columns = fieldIds.map((fieldId) => rangesOf(files, schema, fieldId));
  return files.map((file, index) => {
    const low = columns.map((ranges) => ranges[index]?.[0] ?? 0);
    const high = columns.map((ranges) => ranges[index]?.[1] ?? Infinity);
    return {
      file,
      low,
      high,
      isPoint: low.every((rank, column) => rank === high[column]),
      volume: low.reduce((product, rank, column) => product * ((high[column] ?? 0) - rank + 1), 1),
    };
  });
}

type Ranks = readonly [low: number, high: number];

/** Nulls and NaNs are sorted last: a file with some reaches to the end. */
function rangesOf(files: readonly DataFile[], schema: Schema, fieldId: number): readonly Ranks[] {
  const type = findFieldById(schema, fieldId)?.type;
  const bounds = files.map((file) => {
    const decode = (bytes: Uint8Array | undefined) =>
      bytes === undefined || type === undefined || !isPrimitive(type)
        ? null
        : (decodeValue(type, bytes) ?? null);
    return {
      low: decode(file.lowerBounds?.get(fieldId)),
      high: decode(file.upperBounds?.get(fieldId)),
      file,
    };
  });
  const values = bounds.flatMap(({ low, high }) => [low, high]).filter((value) => value !== null);
  values.sort((a, b) => compareValues(a, b) || 0);
  const last = values.length;
  return bounds.map(({ low, high, file }): Ranks => {
    const nulls = file.nullValueCounts?.get(fieldId);
    if (nulls !== undefined && nulls === file.recordCount) return [last, last];
    const open = nulls !== 0n || (file.nanValueCounts?.get(fieldId) ?? 0n) > 0n;
    return [low === null ? 0 : rankOf(values, low), high === null || open ? last : rankOf(values, high)];
  });
}

/** Index of the first value that is not below. */
function rankOf(sorted: readonly IcebergValue[], value: IcebergValue): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const at = sorted[middle];
    if (at !== undefined && compareValues(at, value) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}
