import json

from bgtasks.check.ask.reveals import read_reveals


def test_reveals_are_read_from_what_checkers_print() -> None:
    mypy = (
        '{"file": "a.py", "line": 3, "column": 5, "message": "Revealed type is \\"def ()\\"", "hint": null}\n'
        '{"file": "a.py", "line": 3, "column": 9, "message": "Name \\"f\\" is not defined", '
        '"hint": "Revealed type is \\"Any\\""}\n'
    )
    assert read_reveals("mypy", mypy) == {"a.py": {3: {5: "def ()", 9: "Any"}}}
    place = {"range": {"start": {"line": 2, "character": 5}}}
    revealed = {"file": "a.py", "severity": "information", "message": 'Type of "f" is "() -> S"', **place}
    entries = [revealed, {**revealed, "severity": "error", "message": 'Type of "f" is "wrong"'}]
    pyright = json.dumps({"generalDiagnostics": entries})
    assert read_reveals("pyright", pyright) == {"a.py": {3: {5: "() -> S"}}}
    assert read_reveals("zuban", "whatever") == {}
