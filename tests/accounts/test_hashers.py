"""How passwords are stored."""

import pytest
from django.contrib.auth.hashers import Argon2PasswordHasher as DjangosHasher
from django.test import override_settings
from django.urls import reverse

from tests import factories
from tokku import settings as project

pytestmark = pytest.mark.django_db


@override_settings(PASSWORD_HASHERS=project.PASSWORD_HASHERS)
def test_stored_passwords_keep_working_and_are_stored_anew(client):
    person = factories.user("kawasaki")
    person.password = DjangosHasher().encode(factories.PASSWORD, "0123456789abcdef")
    person.save()
    assert "m=102400,t=2,p=8" in person.password

    for _ in range(2):
        client.logout()
        client.post(reverse("sign-in"), {"username": "kawasaki", "password": factories.PASSWORD})
        assert client.session["_auth_user_id"] == str(person.pk)
        person.refresh_from_db()
        assert "argon2$argon2id$v=19$m=19456,t=2,p=1$" in person.password
