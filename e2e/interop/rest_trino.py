"""Trino as it is, against the REST catalog: rest_trino.py REQUEST.json ANSWER.json"""

import requests

from rest_checks import Checks

checks = Checks()
trino = checks.request["trino"]


class QueryFailed(Exception):
    pass


def rows(query, catalog="lake"):
    """By Trino's own protocol: each answer names the next one."""
    headers = {"X-Trino-User": "interop", "X-Trino-Catalog": catalog, "X-Trino-Time-Zone": "UTC"}
    answer = requests.post(f"{trino}/v1/statement", data=query.encode(), headers=headers, timeout=600).json()
    found = []
    while True:
        found += answer.get("data", [])
        if "error" in answer:
            raise QueryFailed(f"{answer['error']['errorName']}: {answer['error']['message']}")
        if "nextUri" not in answer:
            return found
        answer = requests.get(answer["nextUri"], headers=headers, timeout=600).json()


def shared():
    rows("CREATE SCHEMA trino")
    rows("CREATE TABLE trino.shared (id BIGINT, name VARCHAR)")
    rows("INSERT INTO trino.shared VALUES (1, 'a'), (2, 'x'), (3, 'x'), (9, 'z')")
    rows("INSERT INTO trino.shared VALUES (4, 'd')")
    rows("DELETE FROM trino.shared WHERE id = 9")
    rows("UPDATE trino.shared SET name = 'b' WHERE id = 2")
    rows(
        "MERGE INTO trino.shared t USING (VALUES (3, 'c'), (5, 'e')) s (id, name) ON t.id = s.id"
        " WHEN MATCHED THEN UPDATE SET name = s.name WHEN NOT MATCHED THEN INSERT VALUES (s.id, s.name)"
    )
    expected = [[1, "a"], [2, "b"], [3, "c"], [4, "d"], [5, "e"]]
    checks.equal("rows", rows("SELECT * FROM trino.shared ORDER BY id"), expected)


def evolution():
    rows(
        "CREATE TABLE trino.evolved (id BIGINT, day DATE, n INTEGER)"
        " WITH (partitioning = ARRAY['month(day)'], sorted_by = ARRAY['id'])"
    )
    rows("INSERT INTO trino.evolved VALUES (1, DATE '2024-01-05', 1), (2, DATE '2024-02-05', 2)")
    rows("ALTER TABLE trino.evolved ADD COLUMN added ROW(a INTEGER, b VARCHAR)")
    rows("ALTER TABLE trino.evolved RENAME COLUMN n TO amount")
    rows("ALTER TABLE trino.evolved ALTER COLUMN amount SET DATA TYPE BIGINT")
    rows("ALTER TABLE trino.evolved SET PROPERTIES partitioning = ARRAY['month(day)', 'bucket(id, 4)']")
    rows("INSERT INTO trino.evolved VALUES (3, DATE '2024-02-06', 3000000000, ROW(1, 'x'))")
    rows("DELETE FROM trino.evolved WHERE id = 2")
    query = "SELECT id, added.b, amount FROM trino.evolved ORDER BY id"
    expected = [[1, None, 1], [3, "x", 3_000_000_000]]
    checks.equal("an evolved table", rows(query), expected)
    rows("ALTER TABLE trino.evolved EXECUTE optimize")
    rows("ANALYZE trino.evolved")
    checks.equal("after compaction", rows(query), expected)


def created_from_queries():
    rows("CREATE TABLE trino.ctas AS SELECT * FROM pyiceberg.shared")
    expected = [[number, chr(96 + number)] for number in range(1, 6)]
    checks.equal("rows that PyIceberg wrote", rows("SELECT * FROM trino.ctas ORDER BY id"), expected)
    rows("CREATE OR REPLACE TABLE trino.ctas AS SELECT 7 AS seven")
    checks.equal("a replaced table", rows("SELECT * FROM trino.ctas"), [[7]])
    rows("ALTER TABLE trino.ctas RENAME TO trino.renamed")
    rows("DROP TABLE trino.renamed")
    checks.raises("a dropped table", ["TABLE_NOT_FOUND"], lambda: rows("TABLE trino.renamed"))


def views():
    rows("CREATE VIEW trino.v AS SELECT id FROM trino.shared WHERE id > 3")
    checks.equal("a view", rows("SELECT * FROM trino.v ORDER BY id"), [[4], [5]])
    rows("CREATE OR REPLACE VIEW trino.v AS SELECT count(*) AS c FROM trino.shared")
    checks.equal("a replaced view", rows("SELECT * FROM trino.v"), [[5]])
    rows("DROP VIEW trino.v")


def places():
    rows("CREATE TABLE trino.placed (id BIGINT)")
    rows("INSERT INTO trino.placed VALUES (1)")
    checks.api("POST", "/refs", name="trino/dev", **{"from": "main"})
    checks.api("POST", "/refs", name="trino-tag", type="TAG", **{"from": "main"})
    rows("INSERT INTO trino.placed VALUES (2)", "dev")
    for catalog, expected in (("dev", [[1], [2]]), ("lake", [[1]]), ("tag", [[1]])):
        checks.equal(f"rows of {catalog}", rows("SELECT id FROM trino.placed ORDER BY id", catalog), expected)
    checks.raises(
        "a write at a tag", ["read only", "ICEBERG_COMMIT_ERROR"], lambda: rows("INSERT INTO trino.placed VALUES (3)", "tag")
    )


def nested():
    rows('CREATE SCHEMA "trino.deeper"')
    rows('CREATE TABLE "trino.deeper".t AS SELECT 1 AS one')
    checks.equal("a table of a nested namespace", rows('SELECT * FROM "trino.deeper".t'), [[1]])


checks.run(shared, evolution, created_from_queries, views, places, nested)
