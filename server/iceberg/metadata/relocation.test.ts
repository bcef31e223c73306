import { describe, expect, it } from 'vitest';
import { relocate } from './relocation.ts';

const rules = [
  { from: 's3://bucket/lake', to: 'file:///mnt/copy/' },
  { from: 's3://bucket/lake/hot/', to: '/mnt/hot' },
  { from: 'file:/data/old', to: 'file:///data/new' },
  { from: 'hdfs:///warehouse', to: '/mnt/hdfs' },
];

describe('locations of a table that was moved', () => {
  it.each([
    ['s3://bucket/lake/t/data/a.parquet', 'file:///mnt/copy/t/data/a.parquet'],
    ['s3a://bucket/lake/t/metadata/v1.metadata.json', 'file:///mnt/copy/t/metadata/v1.metadata.json'],
    ['s3n://bucket/lake/hot/t/a', '/mnt/hot/t/a'],
    ['s3://bucket/lake', 'file:///mnt/copy'],
    ['/data/old/t/a', 'file:///data/new/t/a'],
    ['file:///data/old/t/a', 'file:///data/new/t/a'],
    ['hdfs://namenode:8020/warehouse/t/p=1%2F2/a', '/mnt/hdfs/t/p=1%2F2/a'],
  ])('finds %s at %s', (location, moved) => {
    expect(relocate(location, rules)).toBe(moved);
  });

  it.each([
    's3://bucket/lakehouse/a',
    's3://other/lake/a',
    'gs://bucket/lake/a',
    'file:///data/older/a',
    'data/old/a',
  ])('leaves %s where it is', (location) => {
    expect(relocate(location, rules)).toBe(location);
    expect(relocate(location, undefined)).toBe(location);
  });
});
