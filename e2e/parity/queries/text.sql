Text: functions, patterns, regular expressions, Unicode, formats, and casts from and to text.

-- cases
SELECT id, upper(s) AS u, lower(s) AS l, length(s) AS n, strlen(s) AS bytes, reverse(s) AS r FROM lab.typed WHERE id < 60 ORDER BY id;

-- parts
SELECT id, left(s, 2) AS a, right(s, 2) AS b, substring(s, 2, 3) AS c, s[2] AS d, s[-2:] AS e FROM lab.typed WHERE id < 60 ORDER BY id;

-- trims and pads
SELECT id, trim(s) AS t, ltrim(s) AS l, rtrim(s, ' ae') AS r, lpad(s, 8, '*') AS lp, rpad(s, 3, '-') AS rp FROM lab.typed WHERE id < 60 ORDER BY id;

-- joins of text
SELECT id, s || '!' AS a, concat(s, NULL, g) AS b, concat_ws('-', s, NULL, g) AS c FROM lab.typed WHERE id < 60 ORDER BY id;

-- like
SELECT id, s LIKE '%a%' AS a, s LIKE '_e%' AS b, s ILIKE '%APFEL' AS c, s LIKE 'a\_%' ESCAPE '\' AS d, s NOT LIKE '%' AS e FROM lab.typed WHERE id < 60 ORDER BY id;

-- glob and similar
SELECT id, s GLOB '*[ae]*' AS g, s SIMILAR TO '[a-z]+' AS s FROM lab.typed WHERE id < 60 ORDER BY id;

-- starts and contains
SELECT id, starts_with(s, 'a') AS a, ends_with(s, 'a') AS z, contains(s, 'mm') AS m, position('a' IN s) AS p, instr(s, 'e') AS i FROM lab.typed WHERE id < 60 ORDER BY id;

-- regexp_matches
SELECT id, regexp_matches(s, '^[A-Z]') AS cap, regexp_full_match(s, '\w+') AS word, regexp_matches(s, 'EMILE', 'i') AS e FROM lab.typed WHERE id < 60 ORDER BY id;

-- regexp_extract
SELECT id, regexp_extract(place, '(\d+)\s*km', 1) AS km, regexp_extract(place, 'of (.*), (.*)$', ['town', 'land']) AS p FROM bronze.earthquakes ORDER BY id LIMIT 100;

-- regexp_extract_all
SELECT id, regexp_extract_all(s, '[aeiou]') AS vowels FROM lab.typed WHERE id < 60 ORDER BY id;

-- regexp_replace
SELECT id, regexp_replace(s, '[aeiou]', '*') AS one, regexp_replace(s, '([aeiou])', '<\1>', 'g') AS many FROM lab.typed WHERE id < 60 ORDER BY id;

-- splits
SELECT id, string_split(s, 'a') AS a, regexp_split_to_array(s, '[ _%]') AS b, split_part(s, 'p', 2) AS c FROM lab.typed WHERE id < 60 ORDER BY id;

-- split to rows
SELECT word, count(*) AS n FROM (SELECT unnest(string_split(name, ' ')) AS word FROM bronze.airports) GROUP BY word ORDER BY n DESC, word LIMIT 25;

-- replace and translate
SELECT id, replace(s, 'a', 'ÅÅ') AS r, translate(s, 'abc', 'xy') AS t, repeat(s, 2) AS d FROM lab.typed WHERE id < 60 ORDER BY id;

-- unicode
SELECT id, unicode(s) AS u, ascii(s) AS a, chr(955) AS c, strip_accents(s) AS plain, nfc_normalize(s) = s AS same FROM lab.typed WHERE id < 60 ORDER BY id;

-- graphemes
SELECT length('👩‍🚀é') AS points, length_grapheme('👩‍🚀é') AS signs, left_grapheme('👩‍🚀ab', 2) AS l, reverse('a👩‍🚀') AS r;

-- distances
SELECT a.s AS x, b.s AS y, levenshtein(a.s, b.s) AS l, damerau_levenshtein(a.s, b.s) AS d, jaccard(a.s, b.s) AS j, jaro_winkler_similarity(a.s, b.s) AS w FROM (SELECT DISTINCT s FROM lab.typed WHERE len(s) > 2) a, (SELECT DISTINCT s FROM lab.typed WHERE len(s) > 2) b WHERE a.s < b.s ORDER BY 1, 2;

-- printf and format
SELECT id, printf('%05d|%-8s|%.3f|%x', id, coalesce(s, '?'), id / 7.0, id) AS p, format('{:>6}|{:,}|{}', id, id * 100000, g) AS f FROM lab.typed WHERE id < 60 ORDER BY id;

-- hashes of text
SELECT id, md5(s) AS m, sha256(s) AS h, hash(id) AS n FROM lab.typed WHERE id < 30 ORDER BY id;

-- encodings
SELECT id, hex(b) AS h, base64(b) AS e, decode(b) AS d, octet_length(b) AS n, to_base64(encode(s)) AS s64 FROM lab.typed WHERE id < 60 ORDER BY id;

-- bytes
SELECT id, b, b || '\x00\xFF'::BLOB AS longer, b > 'b2'::BLOB AS more FROM lab.typed WHERE id < 60 ORDER BY id;

-- urls
SELECT url_encode('a b&ä/?') AS e, url_decode('a%20b%26') AS d, parse_filename('/x/y/z.tar.gz') AS f, parse_dirname('/x/y') AS p;

-- casts from text
SELECT t, try_cast(t AS INTEGER) AS i, try_cast(t AS DOUBLE) AS d, try_cast(t AS DECIMAL(6,2)) AS m, try_cast(t AS BOOLEAN) AS b FROM (SELECT unnest(['1', ' 2 ', '3.7', '1e3', 'NaN', 'true', 't', '', '-0', '1_000', '99999.994', '0x1F']) AS t) ORDER BY t;

-- casts to text
SELECT id, CAST(d AS VARCHAR) AS d, CAST(f AS VARCHAR) AS f, CAST(money AS VARCHAR) AS m, CAST(big AS VARCHAR) AS b, CAST(flag AS VARCHAR) AS y, CAST(u AS VARCHAR) AS u FROM lab.typed ORDER BY id;

-- doubles as text
SELECT x, CAST(x AS VARCHAR) AS t, CAST(TRY_CAST(x AS FLOAT) AS VARCHAR) AS f FROM (SELECT unnest([0.1, 1e21, 1e-7, 123456789.125, 1.7976931348623157e308, 5e-324, 1 / 3.0::DOUBLE]::DOUBLE[]) AS x) ORDER BY x;

-- sizes for people
SELECT format_bytes(id * id * 1000) AS b, formatReadableDecimalSize(id * 12345) AS d, bar(id, 0, 60, 10) AS bar FROM lab.typed WHERE id < 30 ORDER BY id;

-- bits
SELECT id, CAST(g AS BIT) AS b, bit_count(id) AS ones, bitstring('0101', 8) AS s, xor(id, 5) AS x, id & 6 AS a, id | 1 AS o, id << 2 AS sh FROM lab.typed WHERE id < 30 ORDER BY id;

-- uuids
SELECT id, u, u > '00080008-0008-4000-8000-000000000000'::UUID AS later FROM lab.typed WHERE id < 40 ORDER BY id;

-- greatest and least
SELECT id, greatest(s, 'b', NULL) AS g, least(small, g, 5) AS l, coalesce(s, CAST(id AS VARCHAR)) AS c, nullif(g, 3) AS n, ifnull(small, -1) AS i FROM lab.typed ORDER BY id LIMIT 60;

-- states and airports
SELECT state, count(*) AS n, min(name) AS first_name, string_agg(iata, '' ORDER BY iata)[:12] AS codes FROM bronze.airports GROUP BY state ORDER BY n DESC, state NULLS LAST LIMIT 40;
