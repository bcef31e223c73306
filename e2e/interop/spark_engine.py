"""Spark's part: spark_engine.py WORK REQUEST.json ANSWER.json

REQUEST.json lists tables to read; ANSWER.json says what Spark reads from them, and which tables it wrote below
WORK/warehouse. Both parts share one session, because starting one takes long.
"""

import json
import pathlib
import sys

from spark.read_tables import read_all
from spark.session import open_session
from spark.write_tables import write_all

work, request, answer = (pathlib.Path(argument).resolve() for argument in sys.argv[1:])
asked = json.loads(request.read_text(encoding="utf-8"))
session = open_session(work)
result = {"read": read_all(session, asked["read"]), "written": write_all(session, work, asked.get("only"))}
answer.write_text(json.dumps(result), encoding="utf-8")
session.stop()
