/**
 * What DuckDB's catalog leaves out of functions that are no macros, in the form of MACRO_TEXTS. Where a line has no
 * signature, those of the catalog stay.
 */
export const SCALAR_TEXTS = `
add :: The sum of two values; the operator + does the same.
array_to_json :: The list as a JSON array.
combine(state AGGREGATE_STATE<?>, other ANY) -> AGGREGATE_STATE<?> :: Two states of one aggregate, put together; see finalize.
count_star :: How many rows there are; count(*) does the same.
current_date :: Today's date, where the statement began.
current_localtime :: The time of day where the statement began.
current_localtimestamp :: The date and time where the statement began, without a zone.
date_part(part VARCHAR, time TIMESTAMP) -> BIGINT :: One part of a date, time or interval, such as 'year'; of a list of parts a struct.
datepart(part VARCHAR, time TIMESTAMP) -> BIGINT :: One part of a date, time or interval, such as 'year'; of a list of parts a struct.
divide(x T, y T) -> T :: The whole quotient of two integers, its fraction cut off; the operator // does the same.
fill(value T) -> T :: NULL filled in by interpolation between the known values around it, in the window's order.
finalize(state AGGREGATE_STATE<?>) -> ANY :: What a state of an aggregate comes to.
from_json(json JSON, structure VARCHAR) -> ANY :: The JSON value as the types that a structure in JSON names, such as '{"a": "INTEGER"}'; NULL where a part does not fit.
from_json_strict(json JSON, structure VARCHAR) -> ANY :: The JSON value as the types that a structure in JSON names; an error where a part does not fit.
get_current_time :: The time of day where the statement began.
getvariable(name VARCHAR) -> ANY :: The value of a variable that SET VARIABLE has set; NULL where there is none.
icu_sort_key(text VARCHAR, collation VARCHAR) -> VARCHAR :: A key by which texts sort as a collation has them.
json_array :: The values as a JSON array.
json_array_length(json JSON, path VARCHAR) -> UBIGINT :: How many elements the JSON array has, or the one at a path in it; 0 where it is no array.
json_contains(json JSON, part JSON) -> BOOLEAN :: Whether the second JSON value is somewhere in the first.
json_deserialize_sql(tree JSON) -> VARCHAR :: The SQL of a syntax tree that json_serialize_sql gave.
json_exists(json JSON, path VARCHAR) -> BOOLEAN :: Whether the JSON value has something at a path, such as '$.a[0]'.
json_extract(json JSON, path VARCHAR) -> JSON :: The part of the JSON value at a path such as '$.a[0]', as JSON; the operator -> does the same.
json_extract_path(json JSON, path VARCHAR) -> JSON :: The part of the JSON value at a path such as '$.a[0]', as JSON.
json_extract_path_text(json JSON, path VARCHAR) -> VARCHAR :: The part of the JSON value at a path such as '$.a[0]', as text without quotes.
json_extract_string(json JSON, path VARCHAR) -> VARCHAR :: The part of the JSON value at a path such as '$.a[0]', as text without quotes; the operator ->> does the same.
json_keys(json JSON, path VARCHAR) -> VARCHAR[] :: The names of the fields of the JSON object, or of the one at a path in it.
json_merge_patch(json JSON, patch JSON) -> JSON :: The JSON object with the fields of the second one put over it; NULL there takes a field away.
json_object :: Names and values in turn as a JSON object: json_object('a', 1).
json_pretty(json JSON) -> VARCHAR :: The JSON value with line breaks and indents.
json_quote :: The value as JSON.
json_serialize_plan(query VARCHAR) -> JSON :: The logical plan of a query as JSON.
json_serialize_sql(query VARCHAR) -> JSON :: The syntax tree of SELECT statements as JSON.
json_structure(json JSON) -> JSON :: The structure of the JSON value: the type of each of its parts.
json_transform(json JSON, structure VARCHAR) -> ANY :: The JSON value as the types that a structure in JSON names; NULL where a part does not fit.
json_transform_strict(json JSON, structure VARCHAR) -> ANY :: The JSON value as the types that a structure in JSON names; an error where a part does not fit.
json_type(json JSON, path VARCHAR) -> VARCHAR :: The kind of the JSON value, or of its part at a path: OBJECT, ARRAY, VARCHAR, BIGINT and so on.
json_valid(text VARCHAR) -> BOOLEAN :: Whether a text is JSON.
json_value(json JSON, path VARCHAR) -> VARCHAR :: The part of the JSON value at a path, as text; NULL where it is an object or an array.
make_timestamptz(year BIGINT, month BIGINT, day BIGINT, hour BIGINT, minute BIGINT, seconds DOUBLE) -> TIMESTAMP WITH TIME ZONE :: The moment of a date and time of day in the engine's zone, or in one that is named last; or that of microseconds since 1970.
mod(x T, y T) -> T :: What is left of x after division by y; the operator % does the same.
multiply(x T, y T) -> T :: The product of two values; the operator * does the same.
rank_dense :: The place of the row in the window's order; equal rows share one and the next has the next number.
regr_sxx :: The sum of the squares of how far x is from its mean, over the rows where neither is NULL.
regr_syy :: The sum of the squares of how far y is from its mean, over the rows where neither is NULL.
row_to_json :: The struct as a JSON object.
setseed(seed DOUBLE) -> "NULL" :: Sets where random() starts from, between -1 and 1, so that it gives the same numbers again.
subtract(x T, y T) -> T :: The difference of two values, or how far one time is from another; the operator - does the same.
to_json :: The value as JSON.
today :: Today's date, where the statement began.
variant_bytes_to_variant(metadata BLOB, value BLOB) -> VARIANT :: A variant of the bytes that Parquet has of one.
variant_extract(variant VARIANT, path VARCHAR) -> VARIANT :: The part of the variant under a name, or at a place from 0 on.
variant_to_parquet_variant(variant VARIANT) -> ANY :: The variant as the bytes that Parquet has of one.
`;

/** @param language as in the function's name: de, de_at */
export function collationText(language: string): string {
  return `A key by which texts sort as in the language “${language}”; ORDER BY name COLLATE ${language} does the same.`;
}
