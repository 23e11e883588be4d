"""Makes the many sites of the tests cheap to build; what they answer stays the same.

Every test has a site of its own. Most of what that costs is work done anew for each: templates are compiled
to Python, rules to patterns and to functions, and queries to SQL. Here each is done once in a process.
"""

from collections.abc import Callable
from typing import Any

from flask import Flask
from jinja2.bccache import Bucket, BytecodeCache
from sqlalchemy import Engine
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.util import LRUCache
from werkzeug.routing import Rule

QUERIES: "LRUCache[Any, Any]" = LRUCache(3_000)


def install() -> None:
    """Let every site that is built from now on share its templates and its rules."""
    Flask.jinja_options = {**Flask.jinja_options, "bytecode_cache": SharedTemplates()}
    Flask.url_rule_class = SharedRule
    # SQL is kept by the dialect that it was made for; all our sites on one kind of database speak the same.
    dialects: tuple[Any, ...] = (SQLiteDialect_pysqlite, PGDialect_psycopg)
    for dialect in dialects:
        dialect.__eq__ = lambda one, other: type(one) is type(other)
        dialect.__hash__ = lambda one: hash(type(one))


def share_queries(engine: Engine) -> None:
    """Let a site take the SQL that another site's queries were compiled to."""
    engine.update_execution_options(compiled_cache=QUERIES)


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


class SharedRule(Rule):
    """A rule that is compiled once for all sites; its builder of addresses when the first one is built."""

    _compiled: dict[object, dict[str, Any]] = {}
    _builders: dict[object, Callable[..., tuple[str, str]]] = {}

    def compile(self) -> None:
        """Take what the same rule of an earlier site was compiled to."""
        kinds = tuple(self.map.converters.items())
        self._key = (self.rule, self.subdomain, self.merge_slashes, repr(self.defaults), kinds)
        if self._key not in self._compiled:
            super().compile()
            names = ("arguments", "_converters", "_trace", "_parts")
            self._compiled[self._key] = {name: getattr(self, name) for name in names}
        vars(self).update(self._compiled[self._key])
        self._build = self._compile_builder(False).__get__(self, None)
        self._build_unknown = self._compile_builder(True).__get__(self, None)

    def _compile_builder(self, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:
        key = (self._key, append_unknown)

        def build(rule: Rule, **values: Any) -> tuple[str, str]:
            if key not in self._builders:
                self._builders[key] = Rule._compile_builder(rule, append_unknown)
            return self._builders[key](rule, **values)

        return build
