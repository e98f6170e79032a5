"""The page of who may do what is as it is made, and no route or role is left out of it."""

from typing import get_args

from services.portal.described import ROUTES
from shared.kernel.request import Role
from shared.runtime.lines import lines
from tests import matrix


def test_the_page_is_what_the_program_makes() -> None:
    assert matrix.PAGE.read_text("utf-8") == matrix.page()


def test_every_route_has_its_cells_or_says_why_not() -> None:
    assert {*matrix.QUERIES, *matrix.ELSEWHERE} == set(ROUTES)
    assert not matrix.QUERIES.keys() & matrix.ELSEWHERE.keys()


def test_every_role_but_the_platforms_own_has_its_column() -> None:
    assert {*matrix.ROLES, "system"} == set(get_args(Role))


def test_every_command_has_its_row() -> None:
    assert [command.kind for command in matrix.commands()] == sorted(
        kind for line in lines().values() for kind in line.entitled
    )
