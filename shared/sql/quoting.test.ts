import { describe, expect, it } from 'vitest';
import { displayIdentifier, quoteIdentifier, quoteLiteral, quoteQualifiedName } from './quoting.ts';

describe('quoting', () => {
  it('doubles the quote that it uses', () => {
    expect(quoteIdentifier('a"b')).toBe('"a""b"');
    expect(quoteQualifiedName(['bronze', 'fl"ights'])).toBe('"bronze"."fl""ights"');
    expect(quoteLiteral("it's")).toBe("'it''s'");
  });

  it('puts text with a NUL together from pieces', () => {
    expect(quoteLiteral('a\0b')).toBe("('a' || chr(0) || 'b')");
  });

  it('shows a plain name plainly', () => {
    expect(displayIdentifier('carrier')).toBe('carrier');
    expect(displayIdentifier('my column')).toBe('"my column"');
  });
});
