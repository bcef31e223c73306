import type { Schema } from '#shared/iceberg/schema.ts';

/** One version of a view: what its metadata.json says (Iceberg view spec, format version 1). */
export interface ViewMetadata {
  readonly formatVersion: 1;
  readonly viewUuid: string;
  /** Base location, without a final slash. */
  readonly location: string;
  readonly schemas: readonly Schema[];
  readonly currentVersionId: number;
  readonly versions: readonly ViewVersion[];
  /** Oldest first: which version became the current one when. */
  readonly versionLog: readonly ViewLogEntry[];
  readonly properties: Readonly<Record<string, string>>;
}

export interface ViewVersion {
  readonly versionId: number;
  /** Of the columns that the view gives. */
  readonly schemaId: number;
  /** Milliseconds since 1970-01-01 UTC. */
  readonly timestampMs: number;
  /** Who made it: engine-name, engine-version, … */
  readonly summary: Readonly<Record<string, string>>;
  /** The same view in one or more dialects of SQL. */
  readonly representations: readonly SqlRepresentation[];
  /** Where names in the SQL are looked up that say no catalog, and no namespace. */
  readonly defaultCatalog?: string;
  readonly defaultNamespace: readonly string[];
}

export interface SqlRepresentation {
  readonly type: 'sql';
  readonly sql: string;
  /** e.g. duckdb, spark, trino */
  readonly dialect: string;
}

export interface ViewLogEntry {
  readonly versionId: number;
  readonly timestampMs: number;
}

/** One change to a view's metadata, as the REST protocol names them. An id of -1 is the last one added. */
export type ViewUpdate =
  | { readonly action: 'assign-uuid'; readonly uuid: string }
  | { readonly action: 'upgrade-format-version'; readonly formatVersion: 1 }
  | { readonly action: 'add-schema'; readonly schema: Schema }
  | { readonly action: 'add-view-version'; readonly viewVersion: ViewVersion }
  | { readonly action: 'set-current-view-version'; readonly viewVersionId: number }
  | { readonly action: 'set-location'; readonly location: string }
  | { readonly action: 'set-properties'; readonly updates: Readonly<Record<string, string>> }
  | { readonly action: 'remove-properties'; readonly removals: readonly string[] };

/** What must hold for the view as it is when a commit lands. */
export type ViewRequirement = { readonly type: 'assert-view-uuid'; readonly uuid: string };
