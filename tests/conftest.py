"""What every test may ask for stands in tests/support: sites and those who visit them, and real servers."""

import pytest

pytest_plugins = ["tests.support.groups", "tests.support.haste"]
FIXTURES = ("tests.support.servers", "tests.support.buckets", "tests.support.fixtures")


def pytest_configure(config: pytest.Config) -> None:
    """Load them where tests run: the process that only hands tests out to others starts seconds sooner."""
    hands_out = config.getoption("tx", None) and not hasattr(config, "workerinput")
    for module in () if hands_out else FIXTURES:
        config.pluginmanager.import_plugin(module)
