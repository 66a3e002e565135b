import pytest
from django.db import connection

from tests.postgres import throw_away_server
from tests.service.databases import Databases


@pytest.fixture(scope="session")
def databases(stage, django_db_blocker, tmp_path_factory):
    with django_db_blocker.unblock():
        if connection.vendor != "sqlite":
            pytest.skip("brings databases of both kinds itself")
        stage.clear()
        with throw_away_server() as server:
            yield Databases(tmp_path_factory.mktemp("databases"), server.url)
