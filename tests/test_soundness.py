"""A proof that a table is sound says so only of one that the judge finds nothing wrong with."""

from collections.abc import Callable, Iterable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tables import arrow_tables, change_descriptor, resource, rows, write_package

from dateline.build.issues import EnvironmentFailure
from dateline.build.read import Limits
from dateline.build.standard.files import file_issues
from dateline.build.standard.model import Field
from dateline.build.standard.opened import opened
from dateline.build.standard.referred import Values, Wanted, all_known
from dateline.build.verify import Checks, verify
from dateline.build.verify.pairs import pairs
from dateline.build.verify.rows import Asked, Checked, table_issues

ID = Field("id", "string", "default", frozenset({"", "none"}), {"name": "id"}, "")


def checked(package: Path, spill: Path) -> dict[str, Checked]:
    """What the check of each table of a package finds."""
    spill.mkdir()
    described, _ = opened(str(package), allow_remote=False, limits=Limits(), spill=spill)
    assert described is not None
    _, stored = file_issues(described)
    found = {}
    for pair in pairs(described):
        folder = spill / pair.table.name
        folder.mkdir()
        digest = stored[pair.csv.name].sha256
        assert digest is not None
        found[pair.table.name] = table_issues(Asked(pair, digest, folder))
    return found


def changed(table: str, at: int, **values: object) -> Callable[[dict[str, Any]], object]:
    return lambda content: content[table][at].update(values)


# Each breaks something that only the judge can put into words.
UNSOUND: dict[str, tuple[str, Callable[[dict[str, Any]], object]]] = {
    "a key twice": ("casualties", changed("casualties", 1, casualty_id="cas_aaaaaa")),
    "a key before the last": ("casualties", changed("casualties", 1, casualty_id="cas_999999")),
    "a unique text twice": ("incidents", changed("incidents", 1, incident_key="bridge")),
    "a word of no vocabulary": ("evidence", changed("evidence", 0, span_role="reason")),
    "a reference of another form": ("evidence", changed("evidence", 0, actor_id="actor")),
    "a number out of range": ("incidents", changed("incidents", 1, latitude=91.0)),
    "an empty text for a value": ("evidence", changed("evidence", 1, annotator_id="")),
}


def test_every_table_of_a_valid_package_is_proved(tmp_path: Path) -> None:
    found = checked(write_package(tmp_path / "p"), tmp_path / "spill")
    assert {name for name, table in found.items() if table.sound} == found.keys()


@pytest.mark.parametrize("case", UNSOUND)
def test_a_table_that_the_judge_would_refuse_is_not_proved(case: str, tmp_path: Path) -> None:
    table, change = UNSOUND[case]
    content = rows()
    change(content)
    package = write_package(tmp_path / "p", arrow_tables(content))
    found = checked(package, tmp_path / "spill")
    assert {name for name, each in found.items() if not each.sound} == {table}
    fast, slow = (verify(package, Checks(rules=False, by_reference=r)) for r in (False, True))
    assert fast.errors == slow.errors != ()


def test_a_reference_to_no_row_is_found_where_every_table_is_sound(tmp_path: Path) -> None:
    content = rows()
    content["evidence"][1]["actor_id"] = "act_zzzzzz"
    package = write_package(tmp_path / "p", arrow_tables(content))
    assert all(table.sound for table in checked(package, tmp_path / "spill").values())
    (issue,) = verify(package, Checks(rules=False)).issues
    assert issue.rule == "foreign-key"


def test_a_reference_from_a_table_that_is_not_proved_is_followed(tmp_path: Path) -> None:
    package = write_package(tmp_path / "p")

    def change(descriptor: Any) -> None:
        schema = resource(descriptor, "vocab-side")["schema"]
        reference = {"resource": "actors", "fields": ["actor_id"]}
        schema["foreignKeys"] = [{"fields": ["value"], "reference": reference}]

    change_descriptor(package, change)
    issues = verify(package, Checks(rules=False)).issues
    assert {issue.rule for issue in issues} == {"foreign-key"}


def in_processes(
    pool: ProcessPoolExecutor, work: Callable[[Any], Any], items: Iterable[Any]
) -> Any:
    return pool.map(work, items)


@pytest.mark.parametrize("article", ["art_aaaaaa", "art_zzzzzz"])
def test_other_processes_come_to_the_same_report(article: str, tmp_path: Path) -> None:
    content = rows()
    content["evidence"][1]["article_id"] = article
    package = write_package(tmp_path / "p", arrow_tables(content))
    alone = Checks(rules=False)
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        assert verify(package, replace(alone, over=pool.map)) == verify(package, alone)


def wanted(folder: Path, held: Iterable[str | None], *looked_for: list[str]) -> Wanted:
    """What a column of `held` is asked for, in a file for each of the lists."""
    pq.write_table(pa.table({"id": pa.array(held, pa.string())}), folder / "held.parquet")
    files = tuple(folder / f"{number}.arrow" for number in range(len(looked_for)))
    for file, texts in zip(files, looked_for, strict=True):
        values = Values(file)
        values.add(pa.array(texts, pa.string()))
        values.close()
    return Wanted(ID, folder / "held.parquet", files)


@given(held=st.lists(st.sampled_from("abcdé") | st.none()), texts=st.lists(st.sampled_from("abé")))
def test_values_are_known_where_the_column_has_them_all(
    held: list[str | None], texts: list[str], tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("values")
    assert all_known(wanted(folder, held, texts, [])) == (set(texts) <= set(held))


@pytest.mark.parametrize("text", ["", "none"])
def test_a_text_that_stands_for_null_is_no_value(text: str, tmp_path: Path) -> None:
    assert not all_known(wanted(tmp_path, ["a", text], ["a", text]))


def test_one_value_of_many_that_is_unknown_is_found(tmp_path: Path) -> None:
    # More than is held at a time on either side.
    held = [f"act_{number:012}" for number in range(1_200_000)]
    assert all_known(wanted(tmp_path, held, held))
    assert not all_known(wanted(tmp_path, held[1:], held))


def test_values_that_cannot_be_written_are_no_fault_of_the_package(tmp_path: Path) -> None:
    values = Values(tmp_path / "missing/values.arrow")
    values.add(pa.array(["act_aaaaaa"]))
    with pytest.raises(EnvironmentFailure, match="the foreign keys of the tables: "):
        values.close()


def test_values_that_come_again_and_again_are_written_once(tmp_path: Path) -> None:
    values = Values(tmp_path / "values.arrow")
    for _ in range(40):
        values.add(pa.array([f"act_{number:012}" for number in range(20_000)]))
    values.close()
    assert (tmp_path / "values.arrow").stat().st_size < 1_000_000
