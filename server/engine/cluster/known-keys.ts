import { textOf, type AstNode, type AstValue } from '../analyze/ast.ts';
import { refuse, words } from './refuse.ts';

const EXPRESSION = 'expression_class type alias query_location return_type';
const FUNCTION =
  'name arguments original_arguments catalog_name schema_name has_serialize function_data children';
const JOIN =
  'type children join_type mark_index left_projection_map right_projection_map conditions mark_types duplicate_eliminated_columns delim_flipped predicate';
const SET = 'type children table_index column_count setop_all allow_out_of_order';

/** What each part of DuckDB's serialized plan says that is translated, or that says nothing of its rows. */
const KEYS: Readonly<Record<string, string>> = {
  BOUND_REF: `${EXPRESSION} index`,
  BOUND_CONSTANT: `${EXPRESSION} value`,
  BOUND_CAST: `${EXPRESSION} child try_cast`,
  BOUND_COMPARISON: `${EXPRESSION} left right`,
  BOUND_CONJUNCTION: `${EXPRESSION} children`,
  BOUND_BETWEEN: `${EXPRESSION} input lower upper lower_inclusive upper_inclusive`,
  BOUND_OPERATOR: `${EXPRESSION} children`,
  BOUND_CASE: `${EXPRESSION} case_checks else_expr`,
  BOUND_FUNCTION: `${EXPRESSION} ${FUNCTION} is_operator`,
  BOUND_AGGREGATE: `${EXPRESSION} ${FUNCTION} aggregate_type filter order_bys`,
  BOUND_WINDOW: `${EXPRESSION} ${FUNCTION} partitions orders filters ignore_nulls start end start_expr end_expr offset_expr default_expr exclude_clause distinct arg_orders`,
  BOUND_UNNEST: `${EXPRESSION} child`,
  LOGICAL_GET:
    'type children table_index returned_types names projection_ids table_filters name catalog_name schema_name has_serialize function_data column_indexes extra_info ordinality_idx row_group_order_options',
  LOGICAL_FILTER: 'type children expressions projection_map',
  LOGICAL_PROJECTION: 'type children table_index expressions',
  LOGICAL_ORDER_BY: 'type children orders projections',
  LOGICAL_LIMIT: 'type children limit_val offset_val',
  LOGICAL_DISTINCT: 'type children distinct_type distinct_targets',
  LOGICAL_AGGREGATE_AND_GROUP_BY:
    'type children expressions group_index aggregate_index groupings_index groups grouping_sets grouping_functions distinct_validity',
  LOGICAL_WINDOW: 'type children window_index expressions',
  LOGICAL_UNNEST: 'type children unnest_index expressions',
  LOGICAL_UNION: SET,
  LOGICAL_EXCEPT: SET,
  LOGICAL_INTERSECT: SET,
  LOGICAL_EXPRESSION_GET: 'type children table_index expr_types expressions',
  LOGICAL_DUMMY_SCAN: 'type children table_index',
  LOGICAL_EMPTY_RESULT: 'type children return_types bindings',
  LOGICAL_MATERIALIZED_CTE: 'type children table_index column_count ctename materialize',
  LOGICAL_CTE_REF: 'type children table_index cte_index chunk_types bound_columns is_recurring',
  LOGICAL_DELIM_GET: 'type children table_index chunk_types',
  LOGICAL_CROSS_PRODUCT: 'type children',
  LOGICAL_COMPARISON_JOIN: JOIN,
  LOGICAL_DELIM_JOIN: JOIN,
  LOGICAL_ANY_JOIN: 'type children join_type mark_index left_projection_map right_projection_map condition',
};
const SETS = new Map(Object.entries(KEYS).map(([kind, keys]) => [kind, new Set(keys.split(' '))]));

/** That a part of a plan says nothing which a translation would leave out. @throws UNSUPPORTED */
export function assertKnown(node: AstNode): void {
  const kind = textOf(node['expression_class']) || textOf(node['type']);
  const keys = SETS.get(kind) ?? refuse(`${words(kind).toLowerCase()} is not on the cluster`);
  for (const [key, value] of Object.entries(node))
    if (!keys.has(key) && !saysNothing(value))
      refuse(`its plan says ${key} of ${kind}, which is not known here`);
}

function saysNothing(value: AstValue | undefined): boolean {
  return (
    value === undefined || value === null || value === false || (Array.isArray(value) && value.length === 0)
  );
}
