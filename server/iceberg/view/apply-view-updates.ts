import { AppError } from '#shared/errors/app-error.ts';
import type { Schema } from '#shared/iceberg/schema.ts';
import { stringifyJson } from '#shared/util/json.ts';
import { schemaToJson } from '../metadata/schema-json.ts';
import { assertSchema } from '../metadata/validate.ts';
import { viewVersionToJson } from './view-json.ts';
import type { ViewMetadata, ViewRequirement, ViewUpdate, ViewVersion } from './view-metadata.ts';

const HISTORY_PROPERTY = 'version.history.num-entries';
const DROP_DIALECT_PROPERTY = 'replace.drop-dialect.allowed';
const HISTORY_ENTRIES = 10;
/** Types of every version: a view stores nothing, so it may give any. */
const ANY_TYPE = 3;
/** Java writers number the columns of views from 0. */
const LOWEST_FIELD_ID = 0;

interface Draft {
  schemaId?: number;
  versionId?: number;
  readonly addedVersions: Set<number>;
  readonly now: number;
}

/**
 * The next version of a view's metadata.
 *
 * @param metadata null: the updates make a new view
 * @param now milliseconds since 1970
 * @throws INVALID_INPUT when an update does not fit, or a new view is not whole
 */
export function applyViewUpdates(
  metadata: ViewMetadata | null,
  updates: readonly ViewUpdate[],
  options: { readonly now?: number } = {},
): ViewMetadata {
  const draft: Draft = { addedVersions: new Set(), now: options.now ?? Date.now() };
  const applied = updates.reduce((current, update) => apply(current, update, draft), metadata ?? NOTHING);
  const missing = [
    ...(applied.viewUuid === '' ? ['a UUID'] : []),
    ...(applied.location === '' ? ['a location'] : []),
    ...(applied.currentVersionId === NOTHING.currentVersionId ? ['a current version'] : []),
  ];
  if (missing.length > 0)
    throw new AppError('INVALID_INPUT', `The updates make no view: they lack ${missing.join(', ')}.`);
  if (metadata !== null) assertDialectsKept(metadata, applied);
  return forgetOldVersions(applied, draft);
}

/** @throws COMMIT_CONFLICT naming the requirement that does not hold; null: there is no view */
export function assertViewRequirements(
  metadata: ViewMetadata | null,
  requirements: readonly ViewRequirement[],
): void {
  for (const { type, uuid } of requirements) {
    if (metadata?.viewUuid.toLowerCase() === uuid.toLowerCase()) continue;
    const failure = metadata === null ? 'it does not exist' : `its UUID is ${metadata.viewUuid}, not ${uuid}`;
    throw new AppError('COMMIT_CONFLICT', `The view has changed since this commit began: ${failure}.`, {
      context: { requirement: type },
    });
  }
}

const NOTHING: ViewMetadata = {
  formatVersion: 1,
  viewUuid: '',
  location: '',
  schemas: [],
  currentVersionId: -1,
  versions: [],
  versionLog: [],
  properties: {},
};

function apply(metadata: ViewMetadata, update: ViewUpdate, draft: Draft): ViewMetadata {
  switch (update.action) {
    case 'assign-uuid':
      if (metadata.viewUuid !== '' && metadata.viewUuid !== update.uuid)
        refuse(`it has the UUID ${metadata.viewUuid} for good; it cannot become ${update.uuid}`);
      return { ...metadata, viewUuid: update.uuid };
    case 'upgrade-format-version':
      return metadata;
    case 'add-schema':
      return addSchema(metadata, update.schema, draft);
    case 'add-view-version':
      return addVersion(metadata, update.viewVersion, draft);
    case 'set-current-view-version':
      return setCurrentVersion(metadata, update.viewVersionId, draft);
    case 'set-location':
      return { ...metadata, location: update.location.replace(/\/+$/, '') };
    case 'set-properties':
      return { ...metadata, properties: { ...metadata.properties, ...update.updates } };
    case 'remove-properties': {
      const kept = Object.entries(metadata.properties).filter(([name]) => !update.removals.includes(name));
      return { ...metadata, properties: Object.fromEntries(kept) };
    }
  }
}

/** An equal schema is used again rather than added twice. */
function addSchema(metadata: ViewMetadata, schema: Schema, draft: Draft): ViewMetadata {
  assertSchema(schema, ANY_TYPE, LOWEST_FIELD_ID);
  const shape = (candidate: Schema) => stringifyJson(schemaToJson({ ...candidate, schemaId: 0 }));
  const same = metadata.schemas.find((existing) => shape(existing) === shape(schema));
  draft.schemaId = same?.schemaId ?? Math.max(-1, ...metadata.schemas.map((s) => s.schemaId)) + 1;
  if (same !== undefined) return metadata;
  return { ...metadata, schemas: [...metadata.schemas, { ...schema, schemaId: draft.schemaId }] };
}

/** A version that says what another says is that one. */
function addVersion(metadata: ViewMetadata, given: ViewVersion, draft: Draft): ViewMetadata {
  const schemaId = given.schemaId === -1 ? draft.schemaId : given.schemaId;
  if (schemaId === undefined || !metadata.schemas.some((schema) => schema.schemaId === schemaId))
    return refuse(`it has no schema ${schemaId ?? 'added last'} for its new version`);
  const dialects = given.representations.map(({ dialect }) => dialect.toLowerCase());
  if (dialects.length === 0) refuse('its new version has no SQL');
  const twice = dialects.find((dialect, index) => dialects.indexOf(dialect) !== index);
  if (twice !== undefined) refuse(`its new version has two queries in the dialect '${twice}'`);
  const version = { ...given, schemaId };
  const meaning = (candidate: ViewVersion) =>
    stringifyJson(viewVersionToJson({ ...candidate, versionId: 0, timestampMs: 0 }));
  const same = metadata.versions.find((existing) => meaning(existing) === meaning(version));
  const versionId = same?.versionId ?? Math.max(0, ...metadata.versions.map((v) => v.versionId)) + 1;
  draft.versionId = versionId;
  draft.addedVersions.add(versionId);
  if (same !== undefined) return metadata;
  return { ...metadata, versions: [...metadata.versions, { ...version, versionId }] };
}

function setCurrentVersion(metadata: ViewMetadata, id: number, draft: Draft): ViewMetadata {
  const versionId = id === -1 ? draft.versionId : id;
  const version = metadata.versions.find((candidate) => candidate.versionId === versionId);
  if (version === undefined) return refuse(`it has no version ${versionId ?? 'added last'}`);
  if (metadata.currentVersionId === version.versionId) return metadata;
  // A version that is current again is logged at the time it is made so, not at its own.
  const isNew = !metadata.versionLog.some((entry) => entry.versionId === version.versionId);
  const timestampMs = isNew ? version.timestampMs : draft.now;
  return {
    ...metadata,
    currentVersionId: version.versionId,
    versionLog: [...metadata.versionLog, { versionId: version.versionId, timestampMs }],
  };
}

/** An engine must not lose a view because another one replaced it in its own dialect alone. */
function assertDialectsKept(before: ViewMetadata, after: ViewMetadata): void {
  const allowed = after.properties[DROP_DIALECT_PROPERTY]?.toLowerCase() === 'true';
  if (allowed || before.currentVersionId === after.currentVersionId) return;
  const now = dialectsOf(after);
  const lost = [...dialectsOf(before)].filter((dialect) => !now.has(dialect));
  if (lost.length > 0)
    refuse(
      `its new version has no query in ${lost.join(', ')}, which the old one has; give one, or set ${DROP_DIALECT_PROPERTY}`,
    );
}

function dialectsOf({ versions, currentVersionId }: ViewMetadata): ReadonlySet<string> {
  const current = versions.find((version) => version.versionId === currentVersionId);
  return new Set(current?.representations.map(({ dialect }) => dialect.toLowerCase()));
}

/** Keeps the newest versions, and the log back to where one that went was current. */
function forgetOldVersions(metadata: ViewMetadata, draft: Draft): ViewMetadata {
  const text = metadata.properties[HISTORY_PROPERTY];
  const limit = Number(text ?? HISTORY_ENTRIES);
  if (text?.trim() === '' || !Number.isInteger(limit) || limit < 1)
    refuse(`its property '${HISTORY_PROPERTY}' is '${text}'; write a number above 0`);
  if (metadata.versions.length <= limit) return metadata;
  const needed = new Set([metadata.currentVersionId, ...draft.addedVersions]);
  const newest = metadata.versions.toSorted((a, b) => b.versionId - a.versionId).map((v) => v.versionId);
  const kept = new Set(
    [...needed, ...newest.filter((id) => !needed.has(id))].slice(0, Math.max(limit, needed.size)),
  );
  const lastLost = metadata.versionLog.findLastIndex((entry) => !kept.has(entry.versionId));
  return {
    ...metadata,
    versions: metadata.versions.filter((version) => kept.has(version.versionId)),
    versionLog: metadata.versionLog.slice(lastLost + 1),
  };
}

function refuse(problem: string): never {
  throw new AppError('INVALID_INPUT', `The view cannot be changed so: ${problem}.`);
}
