"""Making the tables of an empty database in seconds.

Django renders, for each table that a migration makes, all models that are tied to it once more; where nearly every
table of the house leads to the same places, bodies and people, that is four fifths of the time of a first start. A
table that is new changes none of those before it, so here the new model alone is rendered. The statements that reach
the database are the same: ``make check-tables`` holds them against those of ``migrate``.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db.migrations.state import ModelState, ProjectState


@contextmanager
def new_models_rendered_alone() -> Iterator[None]:
    """Within it, migrations that make tables render no other model; for a database in which nothing has been migrated."""
    of_django = ProjectState.add_model
    ProjectState.add_model = _add_alone  # type: ignore[method-assign]
    try:
        yield
    finally:
        ProjectState.add_model = of_django  # type: ignore[method-assign]


def _add_alone(self: ProjectState, model_state: ModelState) -> None:
    """``ProjectState.add_model`` but for its last line, which would render all that is tied to the model."""
    key = (model_state.app_label, model_state.name_lower)
    self.models[key] = model_state
    if self._relations is not None:
        self.resolve_model_relations(key)
    if "apps" in self.__dict__:
        self.apps.render_multiple([model_state])
