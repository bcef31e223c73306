/**
 * Nothing is ever downloaded by SQL: no extension, no file. `cache` holds the columns; COMPRESS makes a checkpoint
 * encode them as a database file would be. It has to be attached before external access ends.
 */
export const ENGINE_SETTINGS: readonly string[] = [
  'SET errors_as_json = true',
  'SET autoinstall_known_extensions = false',
  'SET autoload_known_extensions = false',
  "ATTACH ':memory:' AS cache (COMPRESS)",
  'SET enable_external_access = false',
];
