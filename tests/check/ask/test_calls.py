from collections.abc import Sequence
from pathlib import Path

import pytest

from bgtasks.check.ask.calls import find_wrong_calls
from bgtasks.check.ask.kinds import BY_KIND
from bgtasks.check.facts.sites import Site, place_of
from bgtasks.check.model import AS_A_WHOLE, Finding, Rule
from bgtasks.model import CALL_KINDS, Diagnostic, Kind
from bgtasks.wording import Pitfall
from said import PATH, answer, read_sites, says, text_at

PITFALL = Rule("BGT301", "generator-function", "", AS_A_WHOLE)
ATTRIBUTE = frozenset({Kind.UNKNOWN_ATTRIBUTE})
TYPE = frozenset({Kind.ARGUMENT_TYPE})
MISSING = frozenset({Kind.MISSING_ARGUMENT})
MANY = frozenset({Kind.TOO_MANY_POSITIONAL})
NO_OVERLOAD = frozenset({Kind.NO_OVERLOAD})
TWICE = frozenset({Kind.MULTIPLE_VALUES})
UNKNOWN = frozenset({Kind.UNKNOWN_KEYWORD, Kind.POSITIONAL_ONLY_AS_KEYWORD})
NOTHING = frozenset[Kind]()

Told = tuple[str, str, tuple[str, ...]]


def site_of(call: str, before: str = "") -> Site:
    [site] = read_sites(f"{before}async def e(t: BackgroundTasks):\n    {call}\n")
    return site


def tell(findings: Sequence[Finding], site: Site) -> list[Told]:
    return [(one.rule.code, text_at(one.place, site), one.by) for one in findings]


def found(site: Site, **said: list[Diagnostic]) -> list[Told]:
    answers = [answer(checker, *diagnostics) for checker, diagnostics in said.items()]
    return tell(list(find_wrong_calls([site], answers)), site)


@pytest.mark.parametrize(
    ("kind", "code"),
    [
        (Kind.MISSING_ARGUMENT, "BGT102"),
        (Kind.TOO_MANY_POSITIONAL, "BGT103"),
        (Kind.UNKNOWN_KEYWORD, "BGT104"),
        (Kind.MULTIPLE_VALUES, "BGT105"),
        (Kind.POSITIONAL_ONLY_AS_KEYWORD, "BGT106"),
        (Kind.NOT_CALLABLE, "BGT107"),
        (Kind.NO_OVERLOAD, "BGT108"),
        (Kind.ARGUMENT_TYPE, "BGT109"),
    ],
)
def test_each_kind_has_a_code_of_its_name(kind: Kind, code: str) -> None:
    site = site_of("t.add_task(f, 1)")
    [finding] = find_wrong_calls([site], [answer("mypy", says(site, "t.", "wrong", frozenset({kind})))])

    assert (finding.rule.code, finding.rule.name, finding.was) == (code, kind.value, "BGT100")
    assert BY_KIND.keys() == CALL_KINDS


def test_that_no_overload_fits_is_so_whatever_a_checker_says_of_the_nearest() -> None:
    site = site_of("t.add_task(f, 1)")
    mypy = [says(site, "t.", 'No overload variant of "f" matches argument type "int"', CALL_KINDS)]
    pyright = [says(site, "1", 'Argument of type "Literal[1]" cannot be assigned', TYPE)]

    assert found(site, mypy=mypy, pyright=pyright) == [("BGT108", "1", ("mypy", "pyright"))]


def test_that_no_overload_fits_is_no_fault_of_its_own_where_a_keyword_is_misspelt() -> None:
    site = site_of("t.add_task(print, sepp=1)")
    message = 'Unexpected keyword argument "sepp" for overloaded function "print"'
    unknown = says(site, "t.", message, UNKNOWN)
    overload = says(site, "t.", 'No overload variant of "print" matches argument type "int"', NO_OVERLOAD)

    for said in ([unknown, overload], [overload, unknown]):
        assert found(site, mypy=said) == [("BGT104", "sepp=1", ("mypy",))]


def test_one_fault_is_one_finding_at_the_argument_in_the_words_of_the_first() -> None:
    site = site_of("t.add_task(\n        f,\n        1, 2,\n        k=3)")
    mypy = [
        says(site, "t.", 'Too many arguments for "f"', MANY, "call-arg"),
        says(site, "t.", 'Too many positional arguments for "f"', MANY, "call-arg"),
        says(site, "t.", 'Unexpected keyword argument "k" for "f"', UNKNOWN, "call-arg"),
    ]
    pyright = [
        says(site, "2", "Expected 1 positional argument", MANY),
        says(site, "k", 'No parameter named "k"', UNKNOWN),
    ]
    [many, unknown] = find_wrong_calls([site], [answer("mypy", *mypy), answer("pyright", *pyright)])

    assert tell([many, unknown], site) == [
        ("BGT103", "2", ("mypy", "pyright")),
        ("BGT104", "k=3", ("mypy", "pyright")),
    ]
    assert many.message == 'Too many arguments for "f" [call-arg]'
    assert many.call == unknown.call == site.place


def test_each_of_two_arguments_is_a_fault() -> None:
    site = site_of("t.add_task(f, 1, 2)")
    of_mypy = [says(site, at, f"{at} is an int", TYPE) for at in "12"]
    of_pyright = [says(site, at, f"{at} is no str", TYPE) for at in "21"]

    assert found(site, mypy=of_mypy, pyright=of_pyright) == [
        ("BGT109", "1", ("mypy", "pyright")),
        ("BGT109", "2", ("mypy", "pyright")),
    ]


def test_what_is_missing_is_named_at_once_or_one_by_one() -> None:
    site = site_of("t.add_task(f)")
    mypy = [says(site, "t.", f'Missing named argument "{name}" for "f"', MISSING) for name in "ab"]
    pyright = [says(site, "t.", 'Arguments missing for parameters "a", "b"', MISSING)]

    assert found(site, mypy=mypy, pyright=pyright) == [
        ("BGT102", "t.add_task(f)", ("mypy", "pyright")),
        ("BGT102", "t.add_task(f)", ("mypy", "pyright")),
    ]
    assert found(site, pyright=pyright, mypy=mypy) == [("BGT102", "t.add_task(f)", ("pyright", "mypy"))]


@pytest.mark.parametrize(
    ("missing", "faults"),
    [
        pytest.param('Argument missing for parameter "copies"', ["BGT104"], id="the one that is meant"),
        pytest.param(
            'Arguments missing for parameters "a", "copies"', ["BGT104", "BGT102"], id="another too"
        ),
    ],
)
def test_a_misspelt_keyword_is_one_fault(missing: str, faults: list[str]) -> None:
    site = site_of("t.add_task(f, copys=1)")
    mypy = [says(site, "t.", 'Unexpected keyword argument "copys" for "f"; did you mean "copies"?', UNKNOWN)]
    pyright = [says(site, "t.", missing, MISSING), says(site, "copys", 'No parameter named "copys"', UNKNOWN)]

    assert [code for code, *_ in found(site, mypy=mypy, pyright=pyright)] == faults


@pytest.mark.parametrize(
    ("call", "wrong", "faults"),
    [
        pytest.param(
            "t.add_task(f, 1)", [("t.", 'Missing positional argument "b"', MISSING)], ["BGT102"], id="too few"
        ),
        pytest.param(
            "t.add_task(f, 1, 2, 3)", [("3", "Too many arguments", MANY)], ["BGT103"], id="too many"
        ),
        pytest.param(
            "t.add_task(f, 1, a=2)",
            [
                ("a=", '"f" gets multiple values for keyword argument "a"', TWICE),
                ("t.", 'Missing positional argument "b"', MISSING),
            ],
            ["BGT105"],
            id="one twice, another not at all",
        ),
        pytest.param(
            "t.add_task(f, 1, 2)",
            [("t.", 'Missing named argument "k"', MISSING)],
            ["BGT102", "BGT109"],
            id="one missing that only a keyword gives",
        ),
        pytest.param(
            "t.add_task(g, 1, 2)",
            [("t.", 'Missing positional argument "k"', MISSING)],
            ["BGT102"],
            id="in a function that is not known",
        ),
    ],
)
def test_where_the_count_is_wrong_the_type_of_what_stands_where_is_no_fault(
    call: str, wrong: list[tuple[str, str, frozenset[Kind]]], faults: list[str]
) -> None:
    site = site_of(call, "def f(a: str, b: int, *, k: int = 0): ...\n")
    kinds = [says(site, at, f'{message} in call to "f"', kind) for at, message, kind in wrong]
    shifted = says(site, "1", 'Argument 1 to "f" has incompatible type "int"; expected "str"', TYPE)

    assert [code for code, *_ in found(site, mypy=[*kinds, shifted])] == faults


def test_the_type_of_a_keyword_is_a_fault_whatever_is_missing() -> None:
    site = site_of("t.add_task(f, b='x')", "def f(a: str, b: int): ...\n")
    mypy = [
        says(site, "t.", 'Missing positional argument "a" in call to "f"', MISSING),
        says(site, "'x'", 'Argument "b" to "f" has incompatible type "str"; expected "int"', TYPE),
    ]
    assert [code for code, *_ in found(site, mypy=mypy)] == ["BGT102", "BGT109"]


def test_a_positional_only_parameter_is_known_by_the_task() -> None:
    site = site_of("t.add_task(f, a=1)", "def f(a, /): ...\n")
    mypy = [says(site, "t.", 'Unexpected keyword argument "a" for "f"', UNKNOWN)]
    assert found(site, mypy=mypy) == [("BGT106", "a=1", ("mypy",))]


@pytest.mark.parametrize(
    ("message", "code"),
    [
        pytest.param("Expected `(...) -> object`, found `Literal[3]`", "BGT107", id="no function"),
        pytest.param("Expected `(int, /) -> object`, found `(str) -> int`", "BGT109", id="another function"),
    ],
)
def test_a_task_that_does_not_fit_is_no_function_or_another(message: str, code: str) -> None:
    site = site_of("t.add_task(3)")
    assert found(site, ty=[says(site, "3", message, CALL_KINDS)]) == [(code, "3", ("ty",))]


def test_an_error_in_a_call_in_the_call_is_none_of_the_task() -> None:
    site = site_of("t.add_task(f, g(1))")
    inside = says(site, "g(", 'Missing positional argument "b" in call to "g"', MISSING)
    [finding] = find_wrong_calls([site], [answer("mypy", inside)])

    assert (finding.rule.code, finding.was, text_at(finding.place, site)) == ("BGT101", "BGT100", "g(1)")


@pytest.mark.parametrize(
    ("said", "code"),
    [
        pytest.param(["int | None"], "BGT151", id="only a doubt"),
        pytest.param(["int | None", "int"], "BGT109", id="another checker is sure"),
        pytest.param(["Column[int]"], "BGT153", id="a column"),
    ],
)
def test_what_is_only_a_doubt_has_a_code_of_its_own(said: list[str], code: str) -> None:
    site = site_of("t.add_task(f, 1)")
    message = 'Argument 1 to "f" has incompatible type "{}"; expected "{}"'
    wanted = "str" if "int" in said else "int"
    diagnostics = [says(site, "1", message.format(given, wanted), TYPE) for given in said]
    by = dict(zip(("mypy", "zuban"), ([each] for each in diagnostics), strict=False))

    assert found(site, **by) == [(code, "1", tuple(by))]


def test_an_attribute_of_none_is_one_fault_for_each_attribute() -> None:
    site = site_of("t.add_task(f, u.email, o.email)")
    mypy = [says(site, "u.", 'Item "None" of "U | None" has no attribute "email"', ATTRIBUTE, "union-attr")]
    pyright = [
        says(
            site,
            at,
            '"email" is not a known attribute of "None"',
            rule="reportOptionalMemberAccess",
            behind=2,
        )
        for at in ("u.email", "o.email")
    ]
    assert found(site, mypy=mypy, pyright=pyright) == [
        ("BGT151", "u.email", ("mypy", "pyright")),
        ("BGT151", "o.email", ("pyright",)),
    ]


def test_a_default_of_a_model_is_a_plugin_s_to_know() -> None:
    models = (
        "from pydantic import BaseModel, Field\nclass M(BaseModel):\n    a: int = Field(None)\n    b: int\n"
    )
    site = site_of("t.add_task(f, M())", models)
    missing = 'Missing named argument "{}" for "M"'
    assert [
        code
        for name in "ab"
        for code, *_ in found(site, mypy=[says(site, "M(", missing.format(name), MISSING)])
    ] == ["BGT154", "BGT101"]


@pytest.mark.parametrize(
    ("before", "code"),
    [
        pytest.param("", "BGT101", id="bound once"),
        pytest.param("    u = connect()\n", "BGT155", id="bound to something else"),
        pytest.param("    u: Response = connect()\n", "BGT101", id="annotated each time"),
    ],
)
def test_an_attribute_of_a_name_that_is_bound_to_something_else_is_a_doubt(before: str, code: str) -> None:
    [site] = read_sites(
        f"async def e(t: BackgroundTasks, u: Response):\n{before}    t.add_task(f, u.get(1))\n"
    )
    said = says(site, "u.get", '"Response" has no attribute "get"', ATTRIBUTE, "attr-defined")
    assert found(site, mypy=[said]) == [(code, "u.get", ("mypy",))]


@pytest.mark.parametrize(
    ("decorator", "rule", "code"),
    [
        pytest.param("@unknown.task\n", "reportFunctionMemberAccess", "BGT156", id="decorated"),
        pytest.param("@unknown.task\n", "reportAttributeAccessIssue", "BGT101", id="of a type that is known"),
        pytest.param("", "reportFunctionMemberAccess", "BGT101", id="a plain function"),
    ],
)
def test_what_a_decorator_makes_of_a_function_may_have_the_attribute(
    decorator: str, rule: str, code: str
) -> None:
    [site] = read_sites(
        f"{decorator}def job(): ...\nasync def e(t: BackgroundTasks):\n    t.add_task(job.delay, 1)\n"
    )
    said = says(
        site, "job.delay", 'Cannot access attribute "delay" for class "FunctionType"', ATTRIBUTE, rule
    )
    assert [each for each, *_ in found(site, pyright=[said])] == [code]


@pytest.mark.parametrize(
    ("value", "code"),
    [
        pytest.param("unknown.get('a', None)", "BGT151", id="the default of a get"),
        pytest.param("os.getenv('a', None)", "BGT151", id="of the environment"),
        pytest.param("own.get('a', None)", "BGT101", id="of a function of the app"),
        pytest.param("unknown.get(None)", "BGT101", id="the key"),
        pytest.param("unknown.find('a', None)", "BGT101", id="of something else"),
        pytest.param("unknown.get('a', None or 1)", "BGT101", id="another default"),
    ],
)
def test_a_default_of_none_is_no_more_than_what_may_be_none(value: str, code: str) -> None:
    site = site_of(
        f"t.add_task(f, {value})", "class Own:\n    def get(self, key, default: str): ...\nown = Own()\n"
    )
    message = 'Argument 2 to "get" of "Mapping" has incompatible type "None"; expected "str"'
    assert [each for each, *_ in found(site, mypy=[says(site, "None", message, TYPE)])] == [code]


ENQUEUE = """
def enqueue(tasks: BackgroundTasks, func, label, *args):
    tasks.add_task(func, label.name, *args)
"""


@pytest.mark.parametrize(
    ("at", "kinds", "codes"),
    [
        pytest.param("'x'", TYPE, ["BGT109"], id="what the task is given"),
        pytest.param("wrong", TYPE, [], id="something else"),
        pytest.param("t,", TYPE, [], id="the tasks"),
        pytest.param("int(", MISSING, ["BGT101"], id="in a call for the task"),
        pytest.param("str(", MISSING, [], id="in a call for something else"),
        pytest.param("enqueue(", MISSING, ["BGT102"], id="the call"),
    ],
)
def test_of_a_call_that_adds_a_task_only_what_concerns_the_task_is_told(
    at: str, kinds: frozenset[Kind], codes: list[str]
) -> None:
    label = at if at in {"wrong", "str("} else "label"
    call = f"enqueue(t, send, {label.replace('str(', 'str()')}, 'x', int())"
    sites = read_sites(f"{ENQUEUE}async def e(t: BackgroundTasks):\n    {call}\n")
    [site] = [site for site in sites if site.forwarder is not None]
    assert [code for code, *_ in found(site, mypy=[says(site, at, "wrong", kinds)])] == codes


@pytest.mark.parametrize(
    ("before", "by", "code"),
    [
        pytest.param("", ["mypy"], "BGT109", id="bound once"),
        pytest.param("    u = [*u]\n", ["mypy"], "BGT155", id="bound to something else"),
        pytest.param("    u = [*u]\n", ["mypy", "pyright"], "BGT109", id="wrong then, too"),
    ],
)
def test_a_name_without_annotation_is_not_held_to_its_first_value(
    before: str, by: list[str], code: str
) -> None:
    site = site_of(f"u = set()\n{before}    t.add_task(f, u)")
    said = says(site, "u)", 'Argument 1 to "f" has incompatible type "set[str]"; expected "list[str]"', TYPE)
    assert [each for each, *_ in found(site, **{checker: [said] for checker in by})] == [code]


@pytest.mark.parametrize(
    ("before", "code"),
    [
        pytest.param("", "BGT109", id="bound once"),
        pytest.param("    u = u.model_dump()\n", "BGT155", id="bound to something else"),
        pytest.param("    u: Body = load()\n", "BGT109", id="annotated each time"),
    ],
)
@pytest.mark.parametrize("call", ["f, u", "f, given=u"])
def test_an_argument_that_is_bound_to_something_else_is_a_doubt(call: str, before: str, code: str) -> None:
    [site] = read_sites(f"async def e(t: BackgroundTasks, u: Body):\n{before}    t.add_task({call})\n")
    words = 'Argument 2 to "f" has incompatible type "Body"; expected "dict[str, Any]"'
    at = "u)"
    assert [each[0] for each in found(site, mypy=[says(site, at, words, TYPE, "arg-type")])] == [code]


@pytest.mark.parametrize(
    ("definition", "call", "code"),
    [
        pytest.param("def f(a, n=1): ...", "f, 1, HERE", "BGT156", id="a default"),
        pytest.param("def f(a, n=1): ...", "f, 1, n=HERE", "BGT156", id="by its name"),
        pytest.param("@log\ndef f(a, n=1): ...", "f, 1, HERE", "BGT156", id="decorated"),
        pytest.param("def f(a, n=1): ...", "partial(f, 1), HERE", "BGT156", id="behind a partial"),
        pytest.param("def f(a, n=1): ...", "partial(f, 1, HERE)", "BGT156", id="in a partial"),
        pytest.param("class f:\n def __init__(self, a, n=1): ...", "f, 1, HERE", "BGT156", id="class"),
        pytest.param("def f(a, n: int = 1): ...", "f, 1, HERE", "BGT109", id="annotated"),
        pytest.param("def f(a, n): ...", "f, 1, HERE", "BGT109", id="no default"),
        pytest.param("def f(a, n=1): ...", "f, HERE", "BGT109", id="another parameter"),
        pytest.param("f = unknown()", "f, 1, HERE", "BGT109", id="not the app's own"),
    ],
)
def test_a_type_that_only_a_default_tells_is_a_doubt(definition: str, call: str, code: str) -> None:
    before = f"from functools import partial\n{definition}\n"
    site = site_of(f"t.add_task({call})", before)
    pyright = [says(site, "HERE", 'Argument of type "str" cannot be assigned to parameter "n"', TYPE)]

    assert [said[0] for said in found(site, pyright=pyright)] == [code]


@pytest.mark.parametrize(
    ("parameter", "code"),
    [
        pytest.param("u=1", "BGT156", id="a default"),
        pytest.param("u: int = 1", "BGT109", id="annotated"),
        pytest.param("u: int = load()", "BGT109", id="annotated, a result"),
        pytest.param("u", "BGT109", id="no default"),
    ],
)
def test_what_an_endpoint_has_by_default_alone_is_no_type(parameter: str, code: str) -> None:
    [site] = read_sites(f"async def e(t: BackgroundTasks, {parameter}):\n    t.add_task(f, u)\n")
    pyright = [says(site, "u", 'Argument of type "int" cannot be assigned to parameter "n"', TYPE)]

    assert [said[0] for said in found(site, pyright=pyright)] == [code]


@pytest.mark.parametrize(
    ("before", "value", "code"),
    [
        pytest.param("", "u", "BGT156", id="a default"),
        pytest.param("def load(): ...\n", "load()", "BGT156", id="a result"),
        pytest.param("async def load(): ...\n", "(await load())", "BGT156", id="awaited"),
        pytest.param("def load() -> Row: ...\n", "load()", "BGT101", id="annotated"),
        pytest.param("row = load()\ndef load(): ...\n", "row", "BGT156", id="a name for a result"),
        pytest.param("row = 1\ndef load(): ...\n", "row", "BGT101", id="a name for something else"),
        pytest.param("", "t", "BGT101", id="a parameter with an annotation"),
        pytest.param("", "nobody()", "BGT101", id="not the app's own"),
    ],
)
def test_an_attribute_of_what_nothing_annotates_is_a_doubt(before: str, value: str, code: str) -> None:
    [site] = read_sites(f"{before}async def e(t: BackgroundTasks, u=1):\n    t.add_task(f, {value}.name)\n")
    pyright = [says(site, f"{value}.", 'Cannot access attribute "name" for class "int"', ATTRIBUTE)]

    assert [said[0] for said in found(site, pyright=pyright)] == [code]


@pytest.mark.parametrize(
    ("call", "at", "given", "code"),
    [
        pytest.param("f, **u", "**u", "**dict[str, str]", "BGT156", id="a dict"),
        pytest.param("f, *u", "u)", "*list[str]", "BGT156", id="a list"),
        pytest.param("f, *u", "u)", "*tuple[str, ...]", "BGT156", id="a tuple of any length"),
        pytest.param("f, *u", "u)", "*tuple[str, int]", "BGT109", id="a tuple with a length"),
        pytest.param("f, **u", "**u", "str", "BGT109", id="a TypedDict"),
        pytest.param("f, a=u", "u)", "dict[str, str]", "BGT109", id="a dict as it is"),
        pytest.param("f, u, *v", "u,", "str", "BGT109", id="beside a list"),
    ],
)
def test_what_is_unpacked_is_a_doubt_unless_its_length_is_known(
    call: str, at: str, given: str, code: str
) -> None:
    site = site_of(f"t.add_task({call})", "")
    mypy = [says(site, at, f'Argument 1 to "f" has incompatible type "{given}"; expected "bool"', TYPE)]

    assert [said[0] for said in found(site, mypy=mypy)] == [code]


@pytest.mark.parametrize(
    ("before", "given", "code"),
    [
        pytest.param("u = {'a': 1, 'b': []}", "object", "BGT156", id="out of a dict"),
        pytest.param("u = [1, []]", "object", "BGT156", id="out of a list"),
        pytest.param("u: dict[str, object] = {'a': 1}", "object", "BGT109", id="annotated"),
        pytest.param("u = load()", "object", "BGT109", id="not written out"),
        pytest.param("u = {'a': 1, 'b': []}", "int", "BGT109", id="another type"),
    ],
)
def test_a_value_that_is_taken_for_an_object_is_a_doubt(before: str, given: str, code: str) -> None:
    site = site_of("t.add_task(f, u['b'])", f"{before}\n")
    mypy = [says(site, "u[", f'Argument 1 to "f" has incompatible type "{given}"; expected "str"', TYPE)]

    assert [said[0] for said in found(site, mypy=mypy)] == [code]


@pytest.mark.parametrize(
    ("body", "code"),
    [
        pytest.param("if path: ...", "BGT151", id="if"),
        pytest.param("if path is None: ...", "BGT151", id="is None"),
        pytest.param("if None != path: ...", "BGT151", id="the other way round"),
        pytest.param("a = not path", "BGT151", id="not"),
        pytest.param("a = path or '.'", "BGT151", id="or"),
        pytest.param("a = 1 if path else 2", "BGT151", id="in an expression"),
        pytest.param("while path: ...", "BGT151", id="while"),
        pytest.param("a = [x for x in y if path]", "BGT151", id="comprehension"),
        pytest.param("match path:\n  case None: ...", "BGT151", id="match"),
        pytest.param("print(path)", "BGT109", id="not tested"),
        pytest.param("a = path if y else 2", "BGT109", id="what a test chooses"),
        pytest.param("if path == 'a': ...", "BGT109", id="compared with another value"),
        pytest.param("if len(path): ...", "BGT109", id="used in a test"),
        pytest.param("def g(path):\n  if path: ...", "BGT109", id="another function's"),
        pytest.param("match path:\n  case 'a': ...", "BGT109", id="match of another value"),
    ],
)
def test_a_none_that_the_task_tests_for_is_a_doubt(body: str, code: str) -> None:
    site = site_of("t.add_task(f, 1, None)", f"def f(a, path: str):\n {body}\n")
    mypy = [says(site, "None", 'Argument 2 to "f" has incompatible type "None"; expected "str"', TYPE)]

    assert [said[0] for said in found(site, mypy=mypy)] == [code]


def test_what_is_no_none_is_no_doubt_though_the_task_tests_it() -> None:
    site = site_of("t.add_task(f, 1, 2)", "def f(a, path: str):\n if path: ...\n")
    mypy = [says(site, "2", 'Argument 2 to "f" has incompatible type "int"; expected "str"', TYPE)]

    assert [said[0] for said in found(site, mypy=mypy)] == ["BGT109"]


def test_the_function_callable_as_an_annotation_means_any_callable() -> None:
    site = site_of("t.add_task(f, 1)")
    assert not found(site, mypy=[says(site, "t.", "callable? not callable", frozenset({Kind.NOT_CALLABLE}))])


@pytest.mark.parametrize(
    ("line", "counts"),
    [
        pytest.param(0, False, id="before"),
        pytest.param(1, True, id="first line"),
        pytest.param(3, True, id="last line"),
        pytest.param(4, False, id="behind"),
    ],
)
def test_only_what_stands_in_a_call_counts(line: int, counts: bool) -> None:
    site = site_of("t.add_task(\n        f,\n    )")
    said = Diagnostic(PATH, site.place.line - 1 + line, "rule", "wrong", TYPE)
    assert bool(found(site, mypy=[said])) == counts


def test_what_stands_beside_a_call_in_its_line_is_not_in_it() -> None:
    site = site_of("for x in y: t.add_task(f, x)")
    beside = Diagnostic(PATH, site.place.line, "rule", "y is not iterable", NOTHING, 14)
    assert not found(site, mypy=[beside])


@pytest.mark.parametrize(("column", "said_of"), [(5, 5), (20, 5), (23, 23), (40, 23), (0, 5)])
def test_of_calls_on_one_line_the_column_tells_which(column: int, said_of: int) -> None:
    sites = read_sites("async def e(t: BackgroundTasks):\n    t.add_task(f, 1); t.add_task(f, [1, 2])\n")
    said = Diagnostic(PATH, sites[0].place.line, "rule", "wrong", TYPE, column)
    [finding] = find_wrong_calls(sites, [answer("mypy", said)])
    assert (finding.call or finding.place).column == said_of


def test_another_file_is_another_file() -> None:
    site = site_of("t.add_task(f)")
    elsewhere = Diagnostic(Path("other.py"), site.place.line, "rule", "wrong", TYPE)
    assert not found(site, mypy=[elsewhere])


def test_a_checker_that_is_strict_is_heard_about_calls_only() -> None:
    site = site_of("t.add_task(f)")
    assert not found(site, pyrefly=[says(site, "f)", "wrong", NOTHING)])
    assert found(site, pyrefly=[says(site, "f)", "wrong", MISSING)])


@pytest.mark.parametrize(
    ("rule", "ours", "theirs"),
    [
        (
            "func-returns-value",
            '"add_task" of "BackgroundTasks" does not return',
            '"f" does not return a value',
        ),
        ("background-task", '"add_task" returns None, not a background task', '"f" is a generator function'),
        ("union-attr", 'Item "None" of "T | None" has no attribute "add_task"', 'has no attribute "id"'),
        ("attr-defined", '"None" has no attribute "add_task"', '"Tasks" has no attribute "add_task"'),
        ("reportOptionalMemberAccess", '"add_task" is not a known attribute of "None"', '"id" is not known'),
    ],
)
def test_what_rules_of_ours_judge_is_not_the_checkers_business(rule: str, ours: str, theirs: str) -> None:
    kinds = frozenset({Kind.NOT_CALLABLE, Kind.PITFALL, Kind.UNKNOWN_ATTRIBUTE})
    site = site_of("t.add_task(f)")
    assert not found(site, mypy=[says(site, "t.", ours, kinds, rule)])
    assert found(site, mypy=[says(site, "t.", theirs, kinds, rule)])


def test_a_pitfall_is_said_once_whoever_finds_it() -> None:
    site = site_of("t.add_task(f, 1)")
    assert site.task is not None
    pitfall = Finding(PITFALL, place_of(site.module, site.task), "never runs")
    elsewhere = Finding(PITFALL, site_of("pass\n    t.add_task(g)").place, "never runs either")
    mypy = answer("mypy", says(site, "f,", "a", frozenset({Kind.PITFALL})), says(site, "1", "wrong", TYPE))
    pyright = answer("pyright", says(site, "f,", "once", CALL_KINDS), says(site, "1", "twice", CALL_KINDS))
    merged = list(find_wrong_calls([site], [mypy, pyright], [pitfall, elsewhere]))
    assert [(one.rule.code, one.message, one.by) for one in merged] == [
        ("BGT301", "never runs", ("mypy", "pyright")),
        ("BGT109", "wrong [rule]", ("mypy",)),
        ("BGT301", "never runs either", ()),
    ]


def test_a_pitfall_that_only_the_plugin_knows_has_the_code_of_its_rule() -> None:
    site = site_of("t.add_task(f)")
    said = says(site, "f)", '"f" is a generator function, so nothing in it runs', frozenset({Kind.PITFALL}))
    [finding] = find_wrong_calls([site], [answer("mypy", said)], (), {Pitfall.GENERATOR: PITFALL})
    assert (finding.rule.code, finding.was) == ("BGT301", "BGT100")


def test_that_a_call_returns_none_is_said_better_where_its_type_is_wrong() -> None:
    site = site_of("t.add_task(f, g())")
    returns = frozenset({Kind.ASSIGNMENT, Kind.NOT_CALLABLE, Kind.PITFALL})
    none = says(site, "g(", '"g" does not return a value', returns, "func-returns-value")
    wrong = says(site, "g(", 'Argument 1 to "f" has incompatible type "None"; expected "str"', TYPE)
    assert found(site, mypy=[none, wrong]) == [("BGT109", "g()", ("mypy",))]
    assert found(site, mypy=[none]) == [("BGT101", "g()", ("mypy",))]


def test_of_the_reasons_of_pyright_one_is_told() -> None:
    site = site_of("t.add_task(f, 1)")
    said = says(site, "1", 'Argument of type "int"\n  "int" is no "str"\n    and so on', TYPE)
    [finding] = find_wrong_calls([site], [answer("pyright", said)])
    assert finding.message == 'Argument of type "int" ("int" is no "str") [rule]'
