"""What the tests of nginx and gunicorn share."""

import pytest

from tests.deploy.stand import Files


@pytest.fixture(scope="session")
def files(tmp_path_factory):
    files = Files(tmp_path_factory.mktemp("files"))
    files.make()
    return files
