import fc from 'fast-check';
import { parsePrimitive } from '#shared/iceberg/types.ts';
import type { IcebergValue } from '#shared/iceberg/values.ts';

/** Types of which tables of format version 2 may have columns. */
export const anyPrimitive: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom('boolean', 'int', 'long', 'float', 'double', 'date', 'time', 'timestamp', 'timestamptz'),
  fc.constantFrom('string', 'uuid', 'binary', 'fixed[5]'),
  fc.constantFrom('decimal(4, 1)', 'decimal(18, 0)', 'decimal(38, 10)'),
);

/** Values of a type, small ones and the ends of its range among them. */
export function anyValue(type: string): fc.Arbitrary<IcebergValue> {
  const primitive = parsePrimitive(type);
  switch (primitive.kind) {
    case 'boolean':
      return fc.boolean();
    case 'int':
    case 'date':
      return fc.oneof(fc.integer({ min: -20, max: 20 }), fc.integer());
    case 'float':
      return fc.oneof(fc.integer({ min: -20, max: 20 }), fc.float());
    case 'double':
      return fc.oneof(fc.integer({ min: -20, max: 20 }), fc.double());
    case 'decimal': {
      const max = 10n ** BigInt(primitive.precision) - 1n;
      return fc.oneof(fc.bigInt({ min: -20n, max: 20n }), fc.bigInt({ min: -max, max }));
    }
    case 'string':
      return fc.oneof(
        fc.string({ unit: fc.constantFrom('a', 'b', 'ü', '😀') }),
        fc.string({ unit: 'binary' }),
      );
    case 'uuid':
      return fc.uuid();
    case 'binary':
      return fc.uint8Array({ maxLength: 20 });
    case 'fixed':
      return fc.uint8Array({ minLength: primitive.length, maxLength: primitive.length });
    default:
      return fc.oneof(fc.bigInt({ min: -20n, max: 20n }), fc.bigInt({ min: -(2n ** 62n), max: 2n ** 62n }));
  }
}
