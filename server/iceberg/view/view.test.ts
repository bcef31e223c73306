import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { schemaFromColumns } from '#shared/iceberg/duckdb-types.ts';
import { parseJson, stringifyJson } from '#shared/util/json.ts';
import { JsonNode } from '../metadata/json-node.ts';
import { applyViewUpdates, assertViewRequirements } from './apply-view-updates.ts';
import { parseViewMetadata, serializeViewMetadata, viewMetadataToJson } from './view-json.ts';
import type { ViewMetadata, ViewUpdate, ViewVersion } from './view-metadata.ts';
import {
  parseViewRequirement,
  parseViewUpdate,
  viewRequirementToJson,
  viewUpdateToJson,
} from './view-update-json.ts';

const schema = schemaFromColumns([
  { name: 'day', sqlType: 'DATE' },
  { name: 'n', sqlType: 'BIGINT' },
]);
const UUID = 'fa6506c3-7681-40c8-86dc-e36561f83385';
const version = (sql: string, more: Partial<ViewVersion> = {}): ViewVersion => ({
  versionId: 1,
  schemaId: -1,
  timestampMs: 1000,
  summary: { 'engine-name': 'timestream' },
  representations: [{ type: 'sql', sql, dialect: 'duckdb' }],
  defaultNamespace: ['bronze'],
  ...more,
});
const creation: readonly ViewUpdate[] = [
  { action: 'assign-uuid', uuid: UUID },
  { action: 'upgrade-format-version', formatVersion: 1 },
  { action: 'set-location', location: 'file:///w/v/' },
  { action: 'add-schema', schema },
  { action: 'add-view-version', viewVersion: version('SELECT 1') },
  { action: 'set-current-view-version', viewVersionId: -1 },
  { action: 'set-properties', updates: { comment: 'counts' } },
];
const created = applyViewUpdates(null, creation);
const replace = (view: ViewMetadata, next: ViewVersion, now = 5000) =>
  applyViewUpdates(
    view,
    [
      { action: 'add-schema', schema },
      { action: 'add-view-version', viewVersion: next },
      { action: 'set-current-view-version', viewVersionId: -1 },
    ],
    { now },
  );

describe('a view', () => {
  it('is made of updates alone', () => {
    expect(created).toEqual({
      formatVersion: 1,
      viewUuid: UUID,
      location: 'file:///w/v',
      schemas: [schema],
      currentVersionId: 1,
      versions: [version('SELECT 1', { schemaId: 0 })],
      versionLog: [{ versionId: 1, timestampMs: 1000 }],
      properties: { comment: 'counts' },
    });
  });

  it('is replaced, and an equal version is the one there was', () => {
    const two = replace(created, version('SELECT 2', { timestampMs: 2000 }));
    expect(two.versions.map((v) => v.versionId)).toEqual([1, 2]);
    expect(two.schemas).toHaveLength(1);
    const back = replace(two, version('SELECT 1', { timestampMs: 3000 }));
    expect(back.versions).toHaveLength(2);
    expect(back.versionLog).toEqual([
      { versionId: 1, timestampMs: 1000 },
      { versionId: 2, timestampMs: 2000 },
      { versionId: 1, timestampMs: 5000 },
    ]);
  });

  it('keeps as many versions as it says, the current one among them', () => {
    let view = applyViewUpdates(created, [
      { action: 'set-properties', updates: { 'version.history.num-entries': '3' } },
    ]);
    for (let i = 2; i <= 6; i += 1) view = replace(view, version(`SELECT ${i}`, { timestampMs: i * 1000 }));
    expect(view.versions.map((v) => v.versionId)).toEqual([4, 5, 6]);
    expect(view.versionLog.map((v) => v.versionId)).toEqual([4, 5, 6]);
  });

  it('is not lost to an engine whose dialect a replacement leaves out', () => {
    const both = version('SELECT 2', {
      representations: [
        { type: 'sql', sql: 'SELECT 2', dialect: 'duckdb' },
        { type: 'sql', sql: 'SELECT 2', dialect: 'spark' },
      ],
    });
    const two = replace(created, both);
    expect(() => replace(two, version('SELECT 3'))).toThrow('no query in spark');
    const allowed = applyViewUpdates(two, [
      { action: 'set-properties', updates: { 'replace.drop-dialect.allowed': 'true' } },
    ]);
    expect(replace(allowed, version('SELECT 3')).currentVersionId).toBe(3);
  });

  it.each<[string, readonly ViewUpdate[]]>([
    ['for good', [{ action: 'assign-uuid', uuid: '00000000-0000-0000-0000-000000000000' }]],
    ['no version 9', [{ action: 'set-current-view-version', viewVersionId: 9 }]],
    ['no version added last', [{ action: 'set-current-view-version', viewVersionId: -1 }]],
    ['no schema 4', [{ action: 'add-view-version', viewVersion: version('x', { schemaId: 4 }) }]],
    [
      'no SQL',
      [{ action: 'add-view-version', viewVersion: version('x', { schemaId: 0, representations: [] }) }],
    ],
    ['write a number', [{ action: 'set-properties', updates: { 'version.history.num-entries': 'all' } }]],
  ])('refuses: %s', (message, updates) => {
    expect(() => applyViewUpdates(created, updates)).toThrow(message);
  });

  it('that is not whole is none', () => {
    expect(() => applyViewUpdates(null, creation.slice(0, 2))).toThrow(
      'they lack a location, a current version',
    );
  });

  it('has requirements', () => {
    assertViewRequirements(created, [{ type: 'assert-view-uuid', uuid: UUID.toUpperCase() }]);
    expect(() => assertViewRequirements(null, [{ type: 'assert-view-uuid', uuid: UUID }])).toThrow(
      'does not exist',
    );
  });
});

describe('JSON of views', () => {
  const source = { name: 'request', code: 'INVALID_INPUT' } as const;
  const again = (json: unknown) => new JsonNode(parseJson(stringifyJson(json)), source);

  it('reads back as it was', () => {
    const text = fc.string({ unit: 'grapheme' });
    const versions = fc.array(
      fc.record({
        sql: text,
        namespace: fc.array(text),
        catalog: fc.option(text, { nil: undefined }),
        summary: fc.dictionary(text, text),
      }),
      { minLength: 1, maxLength: 5 },
    );
    fc.assert(
      fc.property(versions, (list) => {
        let view = created;
        for (const { sql, namespace, catalog, summary } of list) {
          const next = version(sql, {
            defaultNamespace: namespace,
            summary,
            ...(catalog === undefined ? {} : { defaultCatalog: catalog }),
          });
          expect(
            parseViewUpdate(again(viewUpdateToJson({ action: 'add-view-version', viewVersion: next }))),
          ).toEqual({
            action: 'add-view-version',
            viewVersion: next,
          });
          view = replace(view, next);
        }
        expect(parseViewMetadata(serializeViewMetadata(view), 'v.json')).toEqual(view);
      }),
      { numRuns: 50 },
    );
    for (const update of creation) expect(parseViewUpdate(again(viewUpdateToJson(update)))).toEqual(update);
    const requirement = { type: 'assert-view-uuid', uuid: UUID } as const;
    expect(parseViewRequirement(again(viewRequirementToJson(requirement)))).toEqual(requirement);
  });

  it.each([
    ['current-version-id', 7, "field 'current-version-id' is 7"],
    ['format-version', 2, "'format-version' 2; views of version 1"],
    ['view-uuid', null, "field 'view-uuid' is missing"],
    ['versions', [{}], "field 'versions[0].version-id' is missing"],
    ['schemas', [], 'has a schema 0 at [0]'],
  ])('with %s = %j names file and field', (field, value, message) => {
    const json = stringifyJson({ ...viewMetadataToJson(created), [field]: value });
    expect(() => parseViewMetadata(json, 'w/v.metadata.json')).toThrow(message);
    expect(() => parseViewMetadata(json, 'w/v.metadata.json')).toThrow('w/v.metadata.json');
  });
});
