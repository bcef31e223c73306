"""What an engine saw, beside what it ought to see; rest-clients.ts compares the two."""

import json
import sys
import traceback

import requests


class Checks:
    def __init__(self):
        with open(sys.argv[1], encoding="utf-8") as source:
            self.request = json.load(source)
        self.url = self.request["url"]
        self.token = self.request["token"]
        self.found = []

    def equal(self, what, actual, expected):
        self.found.append({"what": what, "actual": actual, "expected": expected})

    def raises(self, what, kinds, action):
        """`action` fails, by an exception of one of these names."""
        try:
            action()
            actual = "nothing was thrown"
        except Exception as error:
            names = [base.__name__ for base in type(error).__mro__]
            actual = next((name for name in kinds if name in names or name in str(error)), f"{names[0]}: {error}")
        self.found.append({"what": what, "actual": actual in kinds or actual, "expected": True})

    def run(self, *steps):
        """Each step for itself: one that fails is a failed check, and the others go on."""
        for step in steps:
            try:
                step()
            except Exception:
                self.found.append({"what": step.__name__, "error": traceback.format_exc()})
        with open(sys.argv[2], "w", encoding="utf-8") as target:
            json.dump(self.found, target)

    def api(self, method, path, **body):
        """The workbench's own API, for what the protocol has no words for: branches and tags."""
        headers = {"authorization": f"Bearer {self.token}"}
        answer = requests.request(method, f"{self.url}/api/v1{path}", headers=headers, json=body or None, timeout=60)
        answer.raise_for_status()
        return answer.json()
