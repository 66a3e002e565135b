"""The ministry adds a text to 別紙1 and one to the body from 2024 on: the edits it takes, and what they bring about.

The edits are made in a copy of the code. In the copy run its own tests, new_text_journey.py, and the tests of a
database from before the edits.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import settings

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[3]
LEFT_OUT = shutil.ignore_patterns(".venv", ".git", "docs", "staticfiles", "*.sqlite3*")

# File, the words after which to insert, the inserted text. makemigrations writes the migration.
EDITS = (
    (
        "evaluations/catalogue/annex1_targets.py",
        """instruction="{place}　進捗に影響した外部要因等があるときに記載します。",
            code="6",
        ),
""",
        """        text(
            "lessons",
            Carryover.BESIDE,
            heading=_cell("得られた知見\\n※令和6年度から"),
            instruction="{place}　次年度に生かす知見を記載します。",
            is_required=True,
            is_of_year=True,
            since=2024,
            code="7",
        ),
""",
    ),
    (
        "evaluations/models/evaluation.py",
        '    external_factors = ProseField("外部要因等特記事項")\n',
        '    lessons = ProseField("得られた知見")\n',
    ),
    (
        "evaluations/form/contents.py",
        '    external_factors: str = ""\n',
        '    lessons: str = ""\n',
    ),
    (
        "evaluations/catalogue/part2_plan.py",
        """instruction="{place}　評価に際して考慮すべき事項があるときに記載します。",
        is_of_year=True,
        code="4",
    ),
""",
        """    text(
        "outlook",
        Carryover.CARRIED,
        heading=FormHeading("次年度の見通し", "⑦", PART, level=3, since=2024),
        instruction="{place}　次年度の取組の見通しを記載します。",
        is_required=True,
        code="13",
    ),
""",
    ),
    (
        "evaluations/models/evaluation.py",
        '    weight_rationale = ProseField("寄与度の考え方")\n',
        '    outlook = ProseField("次年度の見通し")\n',
    ),
    (
        "evaluations/form/contents.py",
        '    weight_rationale: str = ""\n',
        '    outlook: str = ""\n',
    ),
)


@pytest.fixture(scope="module")
def copy(tmp_path_factory):
    """The code with the new text, and a migration for it."""
    folder = tmp_path_factory.mktemp("with-new-text") / "tokku"
    shutil.copytree(ROOT, folder, ignore=LEFT_OUT)
    for name, after, new in EDITS:
        path = folder / name
        before, anchor, rest = path.read_text().partition(after)
        assert anchor, f"{name} has no longer the line after which a text is added"
        path.write_text(before + anchor + new + rest)
    run(folder, "manage.py", "makemigrations", "evaluations", "--name", "new_texts")
    return folder


def run(folder, *command):
    done = subprocess.run(
        [sys.executable, *command],
        cwd=folder,
        env={**os.environ, "DEBUG": "true"},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout[-8000:] + done.stderr[-4000:]
    return done.stdout


PYTEST = ("-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:xdist")


@pytest.mark.full
def test_a_new_text_is_known_everywhere(copy):
    output = run(copy, *PYTEST, "tests/evaluations/catalogue/new_text_journey.py")
    assert " passed" in output


@pytest.mark.full
def test_sealed_years_from_before_it_stay_as_they_are(copy):
    """Except documents and exported files of open years, which have the new texts now (new_text_journey.py)."""
    output = run(
        copy, *PYTEST, "tests/test_stored_database.py", "-k", "not says_the_same and not were_out"
    )
    assert " passed" in output


@pytest.mark.full
def test_the_laws_of_catalogue_and_form_hold_with_it(copy):
    laws = ("catalogue/test_kinds.py", "catalogue/test_headings.py", "form/test_laws.py")
    paths = [f"tests/evaluations/{name}" for name in laws]
    output = run(
        copy, *PYTEST, f"--hypothesis-profile={settings.get_current_profile_name()}", *paths
    )
    assert " passed" in output
