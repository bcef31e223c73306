Lists, structs, maps, and lists of them: access, functions, unnest, lambdas.

-- whole rows
SELECT * FROM lab.nested ORDER BY id;

-- list access
SELECT id, numbers[1] AS a, numbers[-1] AS z, numbers[2:3] AS mid, len(numbers) AS n FROM lab.nested ORDER BY id;

-- list functions
SELECT id, list_sort(numbers) AS up, list_reverse_sort(numbers) AS down, list_sort(list_distinct(words)) AS kinds, list_contains(numbers, 3) AS three, list_position(words, 'é') AS at_pos FROM lab.nested ORDER BY id;

-- list aggregates
SELECT id, list_sum(numbers) AS s, list_min(numbers) AS lo, list_max(numbers) AS hi, list_avg(numbers) AS m, list_count(numbers) AS n FROM lab.nested ORDER BY id;

-- lambdas
SELECT id, list_transform(numbers, x -> x * 2) AS twice, list_filter(numbers, x -> x > 4) AS big, list_reduce(list_filter(numbers, x -> x IS NOT NULL), (a, x) -> a + x, 0) AS total FROM lab.nested ORDER BY id;

-- comprehension
SELECT id, [x + 1 FOR x IN numbers IF x IS NOT NULL] AS plus FROM lab.nested ORDER BY id;

-- lists together
SELECT id, list_concat(numbers, [7]) AS more, CAST(list_zip(numbers, words) AS VARCHAR) AS pairs, numbers || [NULL] AS last FROM lab.nested ORDER BY id;

-- overlaps
SELECT id, list_has_any(numbers, [1, 2]) AS some, list_has_all(numbers, [0]) AS zero, list_intersect(numbers, [0, 3, 4]) IS NULL AS nothing FROM lab.nested ORDER BY id;

-- flatten
SELECT id, flatten(lists) AS flat, len(lists) AS n, lists[4][2] AS two FROM lab.nested ORDER BY id;

-- unnest
SELECT id, unnest(numbers) AS n FROM lab.nested ORDER BY id, n;

-- unnest with ordinality
SELECT id, word, pos FROM lab.nested, unnest(words) WITH ORDINALITY AS t(word, pos) ORDER BY id, pos;

-- unnest two lists
SELECT id, unnest(numbers) AS n, unnest(words) AS w FROM lab.nested WHERE id < 20 ORDER BY id, n, w;

-- unnest structs
SELECT id, unnest(items, recursive := true) FROM lab.nested ORDER BY ALL;

-- subscripts of lists
SELECT id, generate_subscripts(numbers, 1) AS k FROM lab.nested ORDER BY id, k;

-- struct fields
SELECT id, s.a, s.b, s.inner.x AS x, s['inner']['y'] AS y FROM lab.nested ORDER BY id;

-- struct star
SELECT id, s.* FROM lab.nested ORDER BY id;

-- struct functions
SELECT id, struct_extract(s, 'b') AS b, struct_pack(id := id, n := numbers) AS packed, struct_insert(s, extra := id) AS wider FROM lab.nested ORDER BY id;

-- struct comparison
SELECT count(*) FILTER (WHERE s < {'a': 50, 'b': 'v1', 'inner': {'x': 1.0, 'y': NULL}}) AS less, count(DISTINCT s.b) AS kinds FROM lab.nested;

-- rows
SELECT id, CAST(row(id, s.b) AS VARCHAR) AS r, row(id, s.b)[2] AS second, (id, NULL) = (id, NULL) AS same FROM lab.nested ORDER BY id LIMIT 10;

-- map access
SELECT id, m['z'] AS z, m['k1'] AS one, cardinality(m) AS n, map_keys(m) AS ks, map_values(m) AS vs FROM lab.nested ORDER BY id;

-- map functions
SELECT id, map_entries(m) AS es, map_contains(m, 'k2') AS two, map_concat(m, MAP {'q': 9}) AS more, element_at(m, 'k0') AS zero FROM lab.nested ORDER BY id;

-- maps made
SELECT MAP([1, 2], ['a', NULL]) AS m, map_from_entries([('x', 1.5), ('y', NULL)]) AS e, MAP {} AS nothing;

-- group lists of structs
SELECT s.b AS b, list({'id': id, 'n': len(numbers)} ORDER BY id) AS all_of_them FROM lab.nested GROUP BY 1 ORDER BY 1 NULLS FIRST;

-- where in nested values
SELECT id FROM lab.nested WHERE s.inner.x > 10 AND 'é' IN words AND m['z'] IS NULL AND items[1].score < 2 ORDER BY id;

-- order by a field
SELECT id, s.b FROM lab.nested ORDER BY s.b DESC NULLS LAST, s.inner.y NULLS FIRST, id;

-- list of lists aggregates
SELECT id, list_transform(lists, x -> list_sum(x)) AS sums FROM lab.nested ORDER BY id;

-- list statistics
SELECT id, list_aggregate(numbers, 'string_agg', '-') AS joined, array_to_string(words, '+') AS text FROM lab.nested ORDER BY id;

-- arrays of a fixed length
SELECT id, [id, id + 1, id + 2]::INTEGER[3] AS arr, array_value(id, id * 2)[2] AS second FROM lab.nested ORDER BY id LIMIT 12;

-- array distances
SELECT id, array_distance([id, 1]::DOUBLE[2], [3, 4]::DOUBLE[2]) AS far, array_inner_product([id, 1]::DOUBLE[2], [3, 4]::DOUBLE[2]) AS dot FROM lab.nested ORDER BY id LIMIT 12;

-- nested nulls
SELECT id, numbers IS NULL AS a, words[2] IS NULL AS b, s.inner IS NULL AS c, m IS NULL AS d, items[1].name IS NULL AS e FROM lab.nested ORDER BY id;

-- cast of nested values to text
SELECT id, CAST(numbers AS VARCHAR) AS n, CAST(s AS VARCHAR) AS t, CAST(m AS VARCHAR) AS mm, CAST(items AS VARCHAR) AS it FROM lab.nested ORDER BY id;

-- cast of lists
SELECT id, CAST(numbers AS VARCHAR[]) AS texts, CAST(numbers AS DOUBLE[]) AS doubles FROM lab.nested ORDER BY id;

-- coordinates of earthquakes
SELECT id, coordinates[3] AS depth, place_at.lat AS lat, list_contains(sources, 'us') AS us FROM bronze.earthquakes WHERE mag > 4.5 ORDER BY id;

-- sources of earthquakes
SELECT source, count(*) AS n, max(mag) AS strongest FROM (SELECT unnest(sources) AS source, mag FROM bronze.earthquakes) GROUP BY source ORDER BY n DESC, source;

-- slices with steps
SELECT id, range(10)[2:9:3] AS stepped, list_slice(numbers, 1, -2) AS most FROM lab.nested ORDER BY id LIMIT 30;

-- enum in a result
SELECT id, CAST(['low', 'high'][1 + id % 2] AS ENUM ('low', 'high')) AS level FROM lab.nested ORDER BY id LIMIT 20;

-- union in a result
SELECT id, CASE WHEN id % 2 = 0 THEN union_value(n := id)::UNION(n INTEGER, t VARCHAR) ELSE union_value(t := 'x')::UNION(n INTEGER, t VARCHAR) END::VARCHAR AS u FROM lab.nested ORDER BY id LIMIT 20;

-- json of nested values @server
SELECT id, to_json(s) AS j FROM lab.nested ORDER BY id LIMIT 20;

-- json extraction @server
SELECT id, ('{"k": [1, ' || id || ']}')::JSON -> '$.k[1]' AS v, json_extract_string('{"a": "b"}', '$.a') AS t FROM lab.nested ORDER BY id LIMIT 20;
