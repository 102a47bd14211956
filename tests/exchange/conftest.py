"""The maker of packages, as a fixture."""

from __future__ import annotations

import pytest

from tests.exchange.making import Maker, make_maker


@pytest.fixture
def maker() -> Maker:
    return make_maker()
