import { describe, expect, it } from 'vitest';
import { parseJson, stringifyJson } from './json.ts';

describe('the JSON codec', () => {
  it('keeps 64-bit integers exact', () => {
    const text = '{"snapshot-id":9223372036854775807,"min":-9223372036854775808,"n":42,"x":1.5}';
    expect(parseJson(text)).toEqual({
      'snapshot-id': 9223372036854775807n,
      min: -9223372036854775808n,
      n: 42,
      x: 1.5,
    });
    expect(stringifyJson(parseJson(text))).toBe(text);
  });

  it('says where text stops being JSON', () => {
    expect(() => parseJson('{"a": ]')).toThrow(/position/);
  });
});
