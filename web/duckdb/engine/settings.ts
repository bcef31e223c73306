/** Where SQL may read what the page gave the engine to read, and nothing else is. */
export const LOCAL_FOLDER = 'local-files/';

/** Before extensions are loaded: who signed them is DuckDB's own people. */
export const SIGNED_ALONE = 'SET allow_community_extensions = false';

/**
 * Nothing is ever downloaded by SQL: no extension, no file. `cache` holds the columns; COMPRESS makes a checkpoint
 * encode them as a database file would be; `files` holds rows of files of this computer. Both have to be attached before
 * external access ends.
 */
export const ENGINE_SETTINGS: readonly string[] = [
  'SET errors_as_json = true',
  'SET autoinstall_known_extensions = false',
  'SET autoload_known_extensions = false',
  "ATTACH ':memory:' AS cache (COMPRESS)",
  "ATTACH ':memory:' AS files (COMPRESS)",
  `SET allowed_directories = ['${LOCAL_FOLDER}']`,
  'SET enable_external_access = false',
];
