"""What pyproject.toml cannot say: a wheel holds what stands beside the packages, as `webapp/site`."""

import shutil
from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py

BESIDE = ("templates", "static", "migrations", "wsgi.py", "gunicorn.conf.py", "Procfile")


class BuildWithSite(build_py):
    """Copies what stands beside the packages."""

    def run(self) -> None:
        """Build as ever; an installation that points at the checkout finds them where they are."""
        super().run()
        if self.editable_mode:
            return
        site = Path(self.build_lib) / "webapp" / "site"
        for name in BESIDE:
            source, target = Path(name), site / name
            if source.is_dir():
                shutil.copytree(
                    source, target, dirs_exist_ok=True, ignore=shutil.ignore_patterns("__pycache__")
                )
            else:
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(source, target)


setup(cmdclass={"build_py": BuildWithSite})
