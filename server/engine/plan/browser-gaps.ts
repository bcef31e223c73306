// Made by tools/generate-browser-gaps.mjs from @duckdb/node-api and @duckdb/duckdb-wasm, both DuckDB v1.5.6.

// What the native engine has and the browser lacks; all names in lower case.

export const DUCKDB_VERSION = 'v1.5.6';

/** Functions that the browser has not at all. */
export const MISSING_FUNCTIONS: ReadonlySet<string> = new Set(
  `
    ->> array_to_json check_peg_parser current_date current_localtime current_localtimestamp
    disable_peg_parser enable_peg_parser from_json from_json_strict get_current_time icu_calendar_names
    icu_collate_af icu_collate_am icu_collate_ar icu_collate_ar_sa icu_collate_as icu_collate_az
    icu_collate_be icu_collate_bg icu_collate_bn icu_collate_bo icu_collate_br icu_collate_bs
    icu_collate_ca icu_collate_ceb icu_collate_chr icu_collate_cs icu_collate_cy icu_collate_da
    icu_collate_de icu_collate_de_at icu_collate_dsb icu_collate_dz icu_collate_ee icu_collate_el
    icu_collate_en icu_collate_en_us icu_collate_eo icu_collate_es icu_collate_et icu_collate_fa
    icu_collate_fa_af icu_collate_ff icu_collate_fi icu_collate_fil icu_collate_fo icu_collate_fr
    icu_collate_fr_ca icu_collate_ga icu_collate_gl icu_collate_gu icu_collate_ha icu_collate_haw
    icu_collate_he icu_collate_he_il icu_collate_hi icu_collate_hr icu_collate_hsb icu_collate_hu
    icu_collate_hy icu_collate_id icu_collate_id_id icu_collate_ig icu_collate_is icu_collate_it
    icu_collate_ja icu_collate_ka icu_collate_kk icu_collate_kl icu_collate_km icu_collate_kn
    icu_collate_ko icu_collate_kok icu_collate_ku icu_collate_ky icu_collate_lb icu_collate_lkt
    icu_collate_ln icu_collate_lo icu_collate_lt icu_collate_lv icu_collate_mk icu_collate_ml
    icu_collate_mn icu_collate_mr icu_collate_ms icu_collate_mt icu_collate_my icu_collate_nb
    icu_collate_nb_no icu_collate_ne icu_collate_nl icu_collate_nn icu_collate_noaccent icu_collate_om
    icu_collate_or icu_collate_pa icu_collate_pa_in icu_collate_pl icu_collate_ps icu_collate_pt
    icu_collate_ro icu_collate_ru icu_collate_sa icu_collate_se icu_collate_si icu_collate_sk
    icu_collate_sl icu_collate_smn icu_collate_sq icu_collate_sr icu_collate_sr_ba icu_collate_sr_me
    icu_collate_sr_rs icu_collate_sv icu_collate_sw icu_collate_ta icu_collate_te icu_collate_th
    icu_collate_tk icu_collate_to icu_collate_tr icu_collate_ug icu_collate_uk icu_collate_ur
    icu_collate_uz icu_collate_vi icu_collate_wae icu_collate_wo icu_collate_xh icu_collate_yi
    icu_collate_yo icu_collate_yue icu_collate_yue_cn icu_collate_zh icu_collate_zh_cn icu_collate_zh_hk
    icu_collate_zh_mo icu_collate_zh_sg icu_collate_zh_tw icu_collate_zu icu_sort_key json json_array
    json_array_length json_contains json_deserialize_sql json_each json_execute_serialized_sql
    json_exists json_extract json_extract_path json_extract_path_text json_extract_string
    json_group_array json_group_object json_group_structure json_keys json_merge_patch json_object
    json_pretty json_quote json_serialize_plan json_serialize_sql json_structure json_transform
    json_transform_strict json_tree json_type json_valid json_value make_timestamptz parquet_bloom_probe
    parquet_file_metadata parquet_full_metadata parquet_kv_metadata parquet_metadata parquet_scan
    parquet_schema pg_timezone_names read_json read_json_auto read_json_objects read_json_objects_auto
    read_ndjson read_ndjson_auto read_ndjson_objects read_parquet row_to_json sql_auto_complete to_json
    today variant_bytes_to_variant variant_to_parquet_variant
  `
    .trim()
    .split(/\s+/),
);

/** Types that the browser has not. */
export const MISSING_TYPES: ReadonlySet<string> = new Set(
  `
    json
  `
    .trim()
    .split(/\s+/),
);

/** All the collations that the browser has. */
export const COLLATIONS: ReadonlySet<string> = new Set(
  `
    nfc noaccent nocase
  `
    .trim()
    .split(/\s+/),
);

/** Functions that take TIMESTAMP WITH TIME ZONE, for which most need ICU. */
export const ZONED_PARAMETERS: ReadonlySet<string> = new Set(
  `
    + - age century date_diff date_part date_sub date_trunc datediff datepart datesub datetrunc day
    dayname dayofmonth dayofweek dayofyear decade epoch epoch_ms epoch_ns epoch_us era generate_series
    hour isfinite isinf isodow isoyear julian last_day microsecond millennium millisecond minute month
    monthname nanosecond quarter range second strftime time_bucket timezone timezone_hour
    timezone_minute week weekday weekofyear year yearweek
  `
    .trim()
    .split(/\s+/),
);

/** Functions that make TIMESTAMP WITH TIME ZONE out of something else. */
export const ZONED_RESULTS: ReadonlySet<string> = new Set(
  `
    add get_current_timestamp make_timestamptz now to_timestamp transaction_timestamp
    uuid_extract_timestamp
  `
    .trim()
    .split(/\s+/),
);
