/**
 * What DuckDB's catalog does not tell of macros and of functions of its grammar: types, names of arguments, what they
 * do. A line each: `name(argument TYPE, …) -> TYPE :: what it does`. T is any type, the same one throughout a line.
 */
export const MACRO_TEXTS = `
ago(interval INTERVAL) -> TIMESTAMP WITH TIME ZONE :: The time that lies an interval before now.
array_append(list T[], element T) -> T[] :: The list with an element more at its end.
array_pop_back(list T[]) -> T[] :: The list without its last element.
array_pop_front(list T[]) -> T[] :: The list without its first element.
array_prepend(element T, list T[]) -> T[] :: The list with an element more at its beginning.
array_push_back(list T[], element T) -> T[] :: The list with an element more at its end.
array_push_front(list T[], element T) -> T[] :: The list with an element more at its beginning.
array_reverse(list T[]) -> T[] :: The elements of the list from the last to the first.
array_to_string(list T[], separator VARCHAR) -> VARCHAR :: The elements as one text, the separator between them; NULL is passed over.
array_to_string_comma_default(list T[], separator VARCHAR) -> VARCHAR :: The elements as one text, with commas between them unless another separator is given.
coalesce(value T, …) -> T :: The first of the values that is not NULL.
cume_dist() -> DOUBLE :: The share of the partition's rows that come up to this one in the window's order, this one and its equals included.
current_catalog() -> VARCHAR :: The name of the database that unqualified names are looked up in.
current_role() -> VARCHAR :: The name of the role that the engine runs as; DuckDB has one only.
current_user() -> VARCHAR :: The name of the user that the engine runs as; DuckDB has one only.
date_add(date DATE, interval INTERVAL) -> TIMESTAMP :: The date or time moved on by an interval.
days_in_month(date DATE) -> BIGINT :: How many days the month of a date has.
dense_rank() -> BIGINT :: The place of the row in the window's order; equal rows share one and the next has the next number.
fdiv(x DOUBLE, y DOUBLE) -> DOUBLE :: x divided by y, rounded down to a whole number.
first_value(value T) -> T :: The value in the first row of the window's frame.
fmod(x DOUBLE, y DOUBLE) -> DOUBLE :: What is left of x after whole multiples of y; it has the sign of y.
generate_subscripts(list T[], dimension INTEGER) -> BIGINT :: A row for each place in the list: 1, 2, and so on.
geomean(x DOUBLE) -> DOUBLE :: The geometric mean of all values: the n-th root of their product.
geometric_mean(x DOUBLE) -> DOUBLE :: The geometric mean of all values: the n-th root of their product.
get_block_size(database VARCHAR) -> BIGINT :: The bytes of one block in the file of a database.
json(text VARCHAR) -> JSON :: The text as JSON without needless spaces; an error where it is none.
json_group_array(value T) -> JSON :: All values as one JSON array.
json_group_object(name VARCHAR, value T) -> JSON :: All names and values as one JSON object.
json_group_structure(json JSON) -> JSON :: The structure that all the JSON values have in common, with the types of its parts.
lag(value T, offset BIGINT, default T) -> T :: The value of an earlier row in the window's order: the one before, or so many rows back; the default where there is none.
last_value(value T) -> T :: The value in the last row of the window's frame, which ends at the row itself unless it is said otherwise.
lead(value T, offset BIGINT, default T) -> T :: The value of a later row in the window's order: the next, or so many rows on; the default where there is none.
list_any_value(list T[]) -> T :: The first element that is not NULL.
list_append(list T[], element T) -> T[] :: The list with an element more at its end.
list_approx_count_distinct(list T[]) -> BIGINT :: About how many different elements the list has.
list_avg(list DOUBLE[]) -> DOUBLE :: The mean of the elements.
list_bit_and(list INTEGER[]) -> INTEGER :: The bits that are set in all elements.
list_bit_or(list INTEGER[]) -> INTEGER :: The bits that are set in any element.
list_bit_xor(list INTEGER[]) -> INTEGER :: The bits that are set in an odd number of elements.
list_bool_and(list BOOLEAN[]) -> BOOLEAN :: Whether every element is true.
list_bool_or(list BOOLEAN[]) -> BOOLEAN :: Whether any element is true.
list_count(list T[]) -> BIGINT :: How many elements are not NULL.
list_entropy(list T[]) -> DOUBLE :: The entropy of the elements in bits: 0 where all are equal, more the more evenly different ones are spread.
list_first(list T[]) -> T :: The first element.
list_histogram(list T[]) -> MAP(T, UBIGINT) :: How often each different element is in the list.
list_kurtosis(list DOUBLE[]) -> DOUBLE :: The excess kurtosis of the elements as a sample: how heavy their tails are.
list_kurtosis_pop(list DOUBLE[]) -> DOUBLE :: The excess kurtosis of the elements as a whole population.
list_last(list T[]) -> T :: The last element.
list_mad(list DOUBLE[]) -> DOUBLE :: The median of how far the elements are from their median.
list_max(list T[]) -> T :: The largest element.
list_median(list DOUBLE[]) -> DOUBLE :: The middle element; between two middle ones their mean.
list_min(list T[]) -> T :: The smallest element.
list_mode(list T[]) -> T :: The element that is there most often.
list_prepend(element T, list T[]) -> T[] :: The list with an element more at its beginning.
list_product(list DOUBLE[]) -> DOUBLE :: The product of the elements.
list_reverse(list T[]) -> T[] :: The elements of the list from the last to the first.
list_sem(list DOUBLE[]) -> DOUBLE :: The standard error of the elements' mean.
list_skewness(list DOUBLE[]) -> DOUBLE :: The skewness of the elements: below zero where the longer tail is on the left.
list_stddev_pop(list DOUBLE[]) -> DOUBLE :: The standard deviation of the elements as a whole population.
list_stddev_samp(list DOUBLE[]) -> DOUBLE :: The standard deviation of the elements as a sample.
list_string_agg(list VARCHAR[]) -> VARCHAR :: The elements as one text, with commas between them.
list_sum(list DOUBLE[]) -> DOUBLE :: The sum of the elements; of whole numbers it is whole.
list_var_pop(list DOUBLE[]) -> DOUBLE :: The variance of the elements as a whole population.
list_var_samp(list DOUBLE[]) -> DOUBLE :: The variance of the elements as a sample.
map_contains_entry(map MAP(K, V), key K, value V) -> BOOLEAN :: Whether the map has that value under that key.
map_contains_value(map MAP(K, V), value V) -> BOOLEAN :: Whether the map has that value under any key.
md5_number_lower(text VARCHAR) -> UBIGINT :: The lower 64 bits of the text's MD5 hash as a number.
md5_number_upper(text VARCHAR) -> UBIGINT :: The upper 64 bits of the text's MD5 hash as a number.
nth_value(value T, n BIGINT) -> T :: The value in the n-th row of the window's frame; NULL where it has fewer rows.
ntile(parts BIGINT) -> BIGINT :: Which of so many parts of nearly equal size the row is in, by the window's order, from 1 on.
nullif(a T, b T) -> T :: NULL where a equals b, else a.
percent_rank() -> DOUBLE :: How far the row is in the window's order, from 0 for the first to 1 for the last.
rank() -> BIGINT :: The place of the row in the window's order; equal rows share one, and as many numbers are left out after them.
regexp_split_to_table(text VARCHAR, pattern VARCHAR) -> VARCHAR :: A row for each part of the text between the matches of a regular expression.
round_even(x DOUBLE, digits INTEGER) -> DOUBLE :: The number rounded to so many digits, halves to the even neighbour.
roundbankers(x DOUBLE, digits INTEGER) -> DOUBLE :: The number rounded to so many digits, halves to the even neighbour.
row_number() -> BIGINT :: The number of the row in the window's order, from 1 on; equal rows get different ones.
session_user() -> VARCHAR :: The name of the user that the engine runs as; DuckDB has one only.
split_part(text VARCHAR, separator VARCHAR, position BIGINT) -> VARCHAR :: The part of the text at a position between separators, from 1 on, from the end where it is negative; '' where there is none.
unnest(list T[]) -> T :: A row for each element of the list, or a column for each field of a struct.
user() -> VARCHAR :: The name of the user that the engine runs as; DuckDB has one only.
wavg(value DOUBLE, weight DOUBLE) -> DOUBLE :: The mean of all values, each counted by its weight.
weighted_avg(value DOUBLE, weight DOUBLE) -> DOUBLE :: The mean of all values, each counted by its weight.
`;
