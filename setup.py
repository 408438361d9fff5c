"""What pyproject.toml cannot say: the shipped model goes into a built package.

The repository has it in checkpoints/, where runs are; a package has to have it inside.
"""

from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py

MODEL = Path("checkpoints/en-fr")
INSIDE = Path("translator/shipped/en-fr")
"""As `translator.run_directory.shipped_model` looks for it."""


class BuildWithModel(build_py):
    """Copies the files of the model beside the package's own, if the checkout has a model."""

    def run(self) -> None:
        """Build the package."""
        super().run()
        for source, target in self._model_files().items():
            self.mkpath(str(target.parent))
            self.copy_file(str(source), str(target), preserve_mode=False)

    def get_outputs(self, include_bytecode: bool = True) -> list[str]:
        """Return what is built."""
        return [
            *super().get_outputs(include_bytecode),
            *map(str, self._model_files().values()),
        ]

    def _model_files(self) -> dict[Path, Path]:
        """Return where each file goes; nowhere in an editable install, which has the checkout."""
        if self.editable_mode:
            return {}
        inside = Path(self.build_lib) / INSIDE
        return {path: inside / path.name for path in sorted(MODEL.glob("*")) if path.is_file()}


setup(cmdclass={"build_py": BuildWithModel})
