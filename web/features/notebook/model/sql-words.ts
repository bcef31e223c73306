/** DuckDB's keywords that a query is written with. */
export const SQL_KEYWORDS: readonly string[] = (
  'SELECT|FROM|WHERE|GROUP BY|ORDER BY|HAVING|LIMIT|OFFSET|DISTINCT|AS|JOIN|LEFT JOIN|INNER JOIN|FULL JOIN|CROSS JOIN|' +
  'ASOF JOIN|ON|USING|UNION ALL|UNION|EXCEPT|INTERSECT|WITH|WITH RECURSIVE|CASE|WHEN|THEN|ELSE|END|AND|OR|NOT|IN|EXISTS|' +
  'BETWEEN|LIKE|ILIKE|IS NULL|IS NOT NULL|NULL|TRUE|FALSE|ASC|DESC|NULLS FIRST|NULLS LAST|OVER|PARTITION BY|QUALIFY|WINDOW|' +
  'ROWS BETWEEN|FILTER|EXCLUDE|REPLACE|COLUMNS|PIVOT|UNPIVOT|SAMPLE|VALUES|CAST|INTERVAL|AT (VERSION => |' +
  'AT (TIMESTAMP => |DESCRIBE|SUMMARIZE|EXPLAIN'
).split('|');

/** DuckDB's functions that are asked for most; any other can be written. */
export const SQL_FUNCTIONS: readonly string[] = (
  'abs age any_value approx_count_distinct approx_quantile arg_max arg_min array_agg avg bool_and bool_or ceil coalesce ' +
  'concat concat_ws contains corr count count_if covar_pop cume_dist current_date date_diff date_part date_trunc dayname dayofweek ' +
  'dense_rank epoch epoch_ms exp extract first first_value floor format generate_series greatest hash histogram hour if ifnull ' +
  'isodow json_extract json_extract_string lag last last_day last_value lead least left len length list list_aggregate ' +
  'list_contains list_distinct list_filter list_sort list_transform ln log log10 lower lpad ltrim make_date max md5 mean median min ' +
  'minute mode month monthname now nth_value ntile nullif percent_rank position power quantile quantile_cont quarter random ' +
  'range rank regexp_extract regexp_matches regexp_replace regr_slope repeat replace reverse right round row_number rpad rtrim ' +
  'second sign sqrt starts_with stddev stddev_samp strftime string_agg string_split strlen strptime struct_pack substring sum ' +
  'time_bucket to_timestamp today trim trunc try_cast typeof unnest upper var_pop variance week year'
).split(' ');
