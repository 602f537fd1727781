"""What Spark answers to queries written for DuckDB: `spark_answers.py FOLDER ANSWERS.json < queries.json`."""

import json
import sys
from pathlib import Path

from trialhouse.spark.session import begin_session

if __name__ == "__main__":
    tables = begin_session(Path(sys.argv[1]))
    answers = []
    for query in json.load(sys.stdin):
        try:
            answers.append([json.loads(row) for row in tables.query(query).toJSON().collect()])
        except Exception as error:
            answers.append([{"refused": str(error)[:300]}])
    Path(sys.argv[2]).write_text(json.dumps(answers))
