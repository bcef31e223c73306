NULL, NaN, infinities, both zeros and collations in ORDER BY, DISTINCT, GROUP BY and comparisons.

-- doubles ascending
SELECT id, d FROM lab.typed ORDER BY d, id;

-- doubles descending nulls first
SELECT id, d FROM lab.typed ORDER BY d DESC NULLS FIRST, id;

-- doubles ascending nulls first
SELECT id, d FROM lab.typed ORDER BY d ASC NULLS FIRST, id LIMIT 90;

-- floats descending nulls last
SELECT id, f FROM lab.typed ORDER BY f DESC NULLS LAST, id;

-- distinct doubles hold one zero and one nan @unordered
SELECT DISTINCT d + 0.0 AS d FROM lab.typed;

-- groups of doubles
SELECT abs(d) AS magnitude, count(*) AS n FROM lab.typed GROUP BY abs(d) ORDER BY magnitude;

-- comparisons with nan
SELECT id, d = 'nan'::DOUBLE AS eq, d > 1 AS gt, d < 'inf'::DOUBLE AS lt, d IS NOT DISTINCT FROM NULL AS nothing FROM lab.typed ORDER BY id;

-- min and max of floats
SELECT g, min(d), max(d), min(f + 0), max(f) FROM lab.typed GROUP BY g ORDER BY g;

-- isnan and isinf
SELECT isnan(d) AS nan, isinf(d) AS inf, isfinite(d) AS finite, count(*) FROM lab.typed GROUP BY ALL ORDER BY ALL;

-- zeros keep their sign
SELECT id, d, -d AS negated, d * -1 AS times FROM lab.typed WHERE d = 0 ORDER BY id;

-- text in binary order
SELECT id, s FROM lab.typed ORDER BY s, id;

-- text nocase
SELECT id, s FROM lab.typed ORDER BY s COLLATE NOCASE, s, id;

-- text noaccent
SELECT id, s FROM lab.typed ORDER BY s COLLATE NOACCENT, s, id;

-- text nocase and noaccent
SELECT id, s FROM lab.typed ORDER BY s COLLATE NOCASE.NOACCENT DESC, s, id;

-- equality by collation
SELECT id, s FROM lab.typed WHERE s COLLATE NOCASE.NOACCENT = 'EMILE' ORDER BY id;

-- distinct by collation
SELECT count(DISTINCT s COLLATE NOCASE) AS n, count(DISTINCT s) AS all_of_them FROM lab.typed;

-- german collation @server
SELECT id, s FROM lab.typed ORDER BY s COLLATE de, s, id;

-- booleans
SELECT flag, count(*) AS n, sum(small) AS total FROM lab.typed GROUP BY flag ORDER BY flag NULLS FIRST;

-- order by all
SELECT g, flag, money FROM lab.typed ORDER BY ALL;

-- order by position and expression
SELECT id, small FROM lab.typed ORDER BY small % 10, 2 DESC, 1;

-- decimals
SELECT id, money, wide FROM lab.typed ORDER BY money DESC NULLS LAST, wide NULLS FIRST, id;

-- big integers
SELECT id, big FROM lab.typed ORDER BY big NULLS LAST, id;

-- dates and times
SELECT id, day, clock FROM lab.typed ORDER BY day NULLS FIRST, clock DESC, id;

-- instants
SELECT id, at_zone FROM lab.typed ORDER BY at_zone DESC, id;

-- uuids and blobs
SELECT id, u, b FROM lab.typed ORDER BY u NULLS LAST, b, id;

-- lists
SELECT id, numbers FROM lab.nested ORDER BY numbers, id;

-- structs
SELECT id, s FROM lab.nested ORDER BY s DESC NULLS LAST, id;

-- limit with offset
SELECT id FROM lab.typed ORDER BY d DESC, id LIMIT 17 OFFSET 50;

-- limit by percent
SELECT id FROM lab.typed ORDER BY id DESC LIMIT 10%;

-- limit of nothing @empty
SELECT * FROM lab.typed ORDER BY id LIMIT 0;

-- offset past the end @empty
SELECT id FROM lab.typed ORDER BY id OFFSET 5000;

-- limit by a subquery
SELECT id FROM lab.typed ORDER BY id LIMIT (SELECT max(g) FROM lab.typed);

-- distinct on
SELECT DISTINCT ON (g) g, id, d FROM lab.typed ORDER BY g, d DESC NULLS LAST, id;

-- arg_min and arg_max with n
SELECT g, arg_min(id, money) AS cheapest, arg_max(id, money, 3) AS dearest FROM lab.typed WHERE id % 13 < 12 GROUP BY g ORDER BY g;

-- first by order
SELECT g, first(s ORDER BY id) AS f, last(s ORDER BY id) AS l, list(id ORDER BY d NULLS FIRST, id DESC) AS ids FROM lab.typed GROUP BY g ORDER BY g;
