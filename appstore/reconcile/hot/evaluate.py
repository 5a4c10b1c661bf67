"""A HOT snippet with parameters, files and conditions put in."""

from collections.abc import Mapping

from appstore.reconcile.hot.functions import COSTLY, FUNCTIONS, UNINTERPRETED, CannotTell, select
from appstore.reconcile.hot.values import (
    MAX_DEPTH,
    SYMBOLS,
    Applied,
    Budget,
    Pseudo,
    Reference,
    Symbol,
    Unknown,
    Value,
    plain,
    symbols,
    weight,
)

PSEUDO = frozenset({"OS::stack_name", "OS::stack_id", "OS::project_id"})
_LOOKUPS = frozenset({"get_param", "get_file", "get_resource", "get_attr", "Ref", "Fn::GetAtt"})
FUNCTION_NAMES = FUNCTIONS.keys() | COSTLY.keys() | UNINTERPRETED | _LOOKUPS | {"if"}


TOO_LARGE = Unknown("the template is too large to evaluate")


class _Absent:
    """What an `if` without its last argument leaves behind: the place itself goes."""


_ABSENT = _Absent()


class Scope:
    """What the functions of one stack see; `path` leads from the root stack to it (`net/`).

    Evaluation never raises: what cannot be computed becomes a symbol.
    """

    def __init__(
        self,
        path: str,
        parameters: Mapping[str, Value],
        files: Mapping[str, str],
        conditions: object,
        budget: Budget,
    ) -> None:
        self.path = path
        self.files = files
        self._parameters = parameters
        self._conditions = conditions if isinstance(conditions, Mapping) else {}
        self._decided: dict[str, bool | Symbol] = {}
        self._opened = 0
        self._budget = budget

    def evaluate(self, snippet: object) -> Value:
        """The value of a snippet of the template (JSON-like)."""
        value = self._value(snippet)
        return None if isinstance(value, _Absent) else value

    def condition(self, snippet: object) -> bool | Symbol:
        """Whether a condition holds; `snippet` is its name, a function or a boolean."""
        match snippet:
            case bool():
                return snippet
            case str():
                return self._named(snippet)
            case {"not": argument, **rest} if not rest:
                held = self.condition(argument)
                return (not held) if isinstance(held, bool) else Applied("not", held)
            case {"and": list() as arguments, **rest} if not rest:
                return self._all("and", arguments, False)
            case {"or": list() as arguments, **rest} if not rest:
                return self._all("or", arguments, True)
            case {"equals": [one, other], **rest} if not rest:
                pair: list[Value] = [self.evaluate(one), self.evaluate(other)]
                if plain(pair):
                    return pair[0] == pair[1]
                if pair[0] == pair[1] and not any(isinstance(s, Unknown) for s in symbols(pair)):
                    return True
                return Applied("equals", pair)
            case _:
                value = self.evaluate(snippet)
                if isinstance(value, (bool, *SYMBOLS)):
                    return value
                return Applied("condition", value)

    def _all(self, name: str, arguments: list[object], decisive: bool) -> bool | Symbol:
        held = [self.condition(argument) for argument in arguments]
        if decisive in [value for value in held if isinstance(value, bool)]:
            return decisive
        open_ = [value for value in held if not isinstance(value, bool)]
        return Applied(name, [*open_]) if open_ else not decisive

    def _named(self, name: str) -> bool | Symbol:
        if name not in self._conditions:
            return Applied("condition", name)
        if name not in self._decided:
            if self._opened > MAX_DEPTH:
                return Unknown("conditions refer to each other too deeply")
            self._decided[name] = Applied("circular condition", name)
            self._opened += 1
            self._decided[name] = self.condition(self._conditions[name])
            self._opened -= 1
        return self._decided[name]

    def _value(self, snippet: object) -> Value | _Absent:
        if not self._budget.spend(1):
            return TOO_LARGE
        match snippet:
            case Mapping():
                if len(snippet) == 1:
                    ((name, argument),) = snippet.items()
                    if name == "if":
                        return self._if(argument)
                    if name in FUNCTION_NAMES:
                        return self._call(name, self.evaluate(argument))
                pairs = ((str(key), self._value(item)) for key, item in snippet.items())
                return {key: item for key, item in pairs if not isinstance(item, _Absent)}
            case list() | tuple():
                items = (self._value(item) for item in snippet)
                return [item for item in items if not isinstance(item, _Absent)]
            case None | bool() | int() | float() | str():
                return snippet
            case _:
                return Unknown("not a JSON value")

    def _if(self, argument: object) -> Value | _Absent:
        match argument:
            case [condition, yes, *no] if len(no) < 2:
                held = self.condition(condition)
                if isinstance(held, bool):
                    if held:
                        return self._value(yes)
                    return self._value(no[0]) if no else _ABSENT
                branches = [self.evaluate(branch) for branch in (yes, *no)]
                return Applied("if", [held, *branches])
            case _:
                return Applied("if", self.evaluate(argument))

    def _call(self, name: str, argument: Value) -> Value:
        cost = 0
        try:
            if name in _LOOKUPS:
                result = self._look_up(name, argument)
            elif name in FUNCTIONS or name in COSTLY:
                known = FUNCTIONS.get(name)
                result = known(argument) if known else COSTLY[name](argument, self._budget)
                cost = len(result) // 100 if isinstance(result, str) else 0
            else:
                result = Applied(name, argument)
        except CannotTell:
            result = Applied(name, argument)
        cost += weight(result, max(self._budget.left, 0))
        return result if self._budget.spend(cost) else TOO_LARGE

    def _look_up(self, name: str, argument: Value) -> Value:
        match name, argument:
            case "Ref", str() if argument not in self._parameters:
                return Reference(self.path + argument)
            case (("get_param" | "Ref"), str()):
                return self._parameter(argument)
            case "get_param", [str() as parameter, *path]:
                return select(self._parameter(parameter), path)
            case "get_file", str() if argument in self.files:
                return self.files[argument]
            case "get_resource", str():
                return Reference(self.path + argument)
            case (("get_attr" | "Fn::GetAtt"), [str() as resource, *path]):
                keys = tuple(key for key in path if isinstance(key, str | int))
                if len(keys) == len(path):
                    return Reference(self.path + resource, keys)
                return Applied("get_attr", [Reference(self.path + resource, ()), *path])
            case _:
                raise CannotTell

    def _parameter(self, name: str) -> Value:
        if name in PSEUDO:
            return Pseudo(self.path + name)
        if name not in self._parameters:
            raise CannotTell
        return self._parameters[name]
