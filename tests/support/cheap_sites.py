"""Makes the many sites of the tests cheap to build; what they answer stays the same.

Every test has a site of its own. Most of what that costs is work done anew for each: templates are compiled
to Python, addresses to a map, and queries to SQL. Here each is done once in a process.
"""

from typing import Any, ClassVar

from flask import Flask
from jinja2.bccache import Bucket, BytecodeCache
from sqlalchemy import Engine
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.util import LRUCache
from werkzeug.routing import Map, Rule
from werkzeug.routing.rules import RuleFactory

QUERIES: "LRUCache[Any, Any]" = LRUCache(3_000)


def install() -> None:
    """Let every site that is built from now on share its templates and its addresses."""
    Flask.jinja_options = {**Flask.jinja_options, "bytecode_cache": SharedTemplates()}
    Flask.url_map_class = SharedMap
    # SQL is kept by the dialect that it was made for; all our sites on one kind of database speak the same.
    dialects: tuple[Any, ...] = (SQLiteDialect_pysqlite, PGDialect_psycopg)
    for dialect in dialects:
        dialect.__eq__ = lambda one, other: type(one) is type(other)
        dialect.__hash__ = lambda one: hash(type(one))


def share(app: Flask, engine: Engine) -> None:
    """Let a site take the SQL that another site's queries were compiled to, and later ones its addresses."""
    engine.update_execution_options(compiled_cache=QUERIES)
    if isinstance(app.url_map, SharedMap):
        app.url_map.share()


class SharedTemplates(BytecodeCache):
    """Keeps compiled templates in memory."""

    def __init__(self) -> None:
        self._code: dict[tuple[str, str], Any] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Give a template its code, if it was compiled before."""
        bucket.code = self._code.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Remember the code of a template."""
        self._code[bucket.key, bucket.checksum] = bucket.code


class SharedMap(Map):
    """The addresses of a site: those of the first one, until one is added that it had not."""

    whole: ClassVar["SharedMap | None"] = None
    _known: ClassVar[set[object]] = set()

    def __init__(self, *rules: Any, **options: Any) -> None:
        super().__init__(*rules, **options)
        self._is_shared = SharedMap.whole is not None
        if SharedMap.whole:
            self._matcher = SharedMap.whole._matcher
            self._rules_by_endpoint = SharedMap.whole._rules_by_endpoint

    def share(self) -> None:
        """Let all later maps be this one, if it is the first."""
        if not SharedMap.whole:
            SharedMap._known = {_key(rule) for rule in self.iter_rules()}  # which sorts them, too
            SharedMap.whole = self

    def add(self, rulefactory: RuleFactory) -> None:
        """Add a rule, unless it is there already."""
        if self._is_shared and isinstance(rulefactory, Rule):
            if _key(rulefactory) in self._known:
                return
            self._leave()
        super().add(rulefactory)

    def _leave(self) -> None:
        self._is_shared = False
        ours, own = self._rules, Map(host_matching=self.host_matching)
        self._matcher, self._rules_by_endpoint = own._matcher, own._rules_by_endpoint
        for rule in ours:
            copy = rule.empty()
            vars(copy).setdefault("provide_automatic_options", vars(rule)["provide_automatic_options"])
            super().add(copy)


def _key(rule: Rule) -> object:
    return rule.rule, rule.endpoint, repr(rule.defaults), frozenset(rule.methods or ())
