"""What Python does not carry to the run, by name: on what of it a claim rests, that claim is undecidable."""

NO_SIGNATURE = "no signature at run time"
SUPPLE = "a function that takes anything"
LENGTH = "what a list or a dict holds"
NOT_RUN = "it is not run"
NONE = "that None is meant for something"
NOT_REACHED = "not reached: no values are known with which its function can be called"
NO_ANNOTATION = "no annotation at run time"
ANY = "Any"
VARIABLE = "a type variable"
NEW_TYPE = "NewType"
LITERAL = "that a str is no Literal"
INVARIANCE = "invariance"
CALLABLE = "the types of a callable"
CONTENTS = "what is in a generic object"

SHAPELESS = frozenset({NO_SIGNATURE, SUPPLE, LENGTH})
"""What hides the shape of a call; all else hides types only."""
