"""Releases are the same bytes anywhere, signed, and no byte of them changes without being found."""

import os
import random
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from datasets import NAME, Dataset, article, tree, validate
from projects import ENVIRONMENT

from dateline.build.read import Limits
from dateline.build.standard.opened import opened
from dateline.build.sums import sums
from dateline.build.verify.sealed import archive_issues, seal_issues, sums_issues

Folder = Callable[[str], Path]
COMMENT = f"{NAME} 1.0.0"
# In how many places a byte is flipped of what seals a release; of any other file it is one.
MANY = 60


def needed(program: str) -> str:
    """A program that a test runs; where it is missing the test is skipped, in CI it fails."""
    found = shutil.which(program)
    if found is None:
        message = f"{program} is not installed"
        if os.environ.get("CI"):
            pytest.fail(message)
        pytest.skip(message)
    return found


def ssh_key(folder: Path, name: str = "key", passphrase: str = "") -> tuple[Path, Path]:
    """A key of OpenSSH and a file of allowed signers with it alone."""
    key = folder / name
    command = [needed("ssh-keygen"), "-q", "-t", "ed25519", "-N", passphrase, "-C", name]
    subprocess.run([*command, "-f", str(key)], check=True)
    signers = folder / f"{name}.allowed"
    signers.write_text(f"coder@example.org {key.with_suffix('.pub').read_text()}")
    return key, signers


def minisign_key(folder: Path) -> tuple[Path, Path]:
    """A key of minisign and its public key."""
    key, public = folder / "minisign.key", folder / "minisign.pub"
    command = [needed("minisign"), "-G", "-W", "-f", "-s", str(key), "-p", str(public)]
    subprocess.run(command, check=True, capture_output=True)
    return key, public


def linked(copy: Path) -> None:
    """A file of a release moved away, with a link in its place."""
    shutil.move(copy / "README.md", copy.parent / "moved")
    (copy / "README.md").symlink_to(copy.parent / "moved")


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("keys")


@pytest.fixture(scope="module", params=["ssh", "minisign"])
def signed(
    request: pytest.FixtureRequest, keys: Path, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, Path]:
    """The folder of a release that is signed, and who may sign it; tests leave it as it is."""
    key, signers = ssh_key(keys) if request.param == "ssh" else minisign_key(keys)
    dataset = Dataset(tmp_path_factory.mktemp("signed") / "project")
    return dataset.released("1.0.0", "--sign", key), signers


def test_the_programs_themselves_accept_the_signature(signed: tuple[Path, Path]) -> None:
    release, signers = signed
    if (release / "SHA256SUMS.sig").exists():
        command = f"ssh-keygen -Y verify -f {signers} -I coder@example.org -n file"
        command += " -s SHA256SUMS.sig < SHA256SUMS"
    else:
        command = f"minisign -V -p {signers} -m SHA256SUMS -x SHA256SUMS.minisig"
    ended = subprocess.run(command, shell=True, cwd=release, capture_output=True, text=True)
    assert ended.returncode == 0, ended.stderr
    if "minisign" in command:
        assert f"Trusted comment: {COMMENT}\n" in ended.stdout
    readme = (release / "README.md").read_text("utf-8")
    assert command.split(" -f")[0].split(" -p")[0] in readme


def test_validate_accepts_the_signature_and_says_when_it_did_not_look(
    signed: tuple[Path, Path],
) -> None:
    release, signers = signed
    for path in (release, release.with_name(f"{release.name}.zip")):
        result = validate(path, "--allowed-signers", signers)
        assert (result.exit_code, result.stdout) == (0, f"{path}: valid\n")
        result = validate(path)
        assert (result.exit_code, "its signature was not judged" in result.stdout) == (0, True)


def test_a_signature_of_somebody_else_is_refused(
    signed: tuple[Path, Path], tmp_path: Path, keys: Path
) -> None:
    release, signers = signed
    _, others = ssh_key(tmp_path)
    result = validate(release, "--allowed-signers", others)
    assert (result.exit_code, "  release-signature  " in result.stdout) == (1, True)
    unsigned = shutil.copytree(release, tmp_path / "unsigned")
    for name in ("SHA256SUMS.sig", "SHA256SUMS.minisig"):
        (unsigned / name).unlink(missing_ok=True)
    result = validate(unsigned, "--allowed-signers", signers)
    assert (result.exit_code, "  release-unsigned  " in result.stdout) == (1, True)
    # Damage, signed again by nobody.
    (unsigned / "README.md").write_text("other words")
    result = validate(unsigned)
    assert (result.exit_code, "  release-sums  " in result.stdout) == (1, True)


def test_a_key_that_is_none_is_told_before_anything_is_built(tmp_path: Path) -> None:
    dataset = Dataset(tmp_path / "project")
    (tmp_path / "key").write_text("a poem")
    result = dataset.release("--sign", tmp_path / "key")
    assert (result.exit_code, "expected a key of OpenSSH" in result.stderr) == (2, True)
    assert "a poem" not in result.output
    assert not (dataset.folder / "releases").exists()


def test_nobody_is_asked_for_a_passphrase_where_nobody_can_answer(tmp_path: Path) -> None:
    key, _ = ssh_key(tmp_path, passphrase="secret")
    (tmp_path / "SHA256SUMS").touch()
    program = "import sys; from pathlib import Path; from dateline.build.signing import sign; "
    program += "sign(Path(sys.argv[1]), Path(sys.argv[2]), '')"
    # A pipe that stays open and says nothing.
    with subprocess.Popen(
        [sys.executable, "-P", "-c", program, str(tmp_path), str(key)],
        env=ENVIRONMENT,
        stdin=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    ) as process:
        assert process.stderr is not None
        try:
            assert process.wait(20) == 1
        finally:
            process.kill()
        assert b"one with a passphrase needs a terminal or an agent" in process.stderr.read()


# What is added and taken away


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda copy: (copy / "more").symlink_to("README.md"), "got none for more"),
        (lambda copy: (copy / "data" / "more").symlink_to("/"), "got none for data/more"),
        (lambda copy: os.mkfifo(copy / "data" / "pipe"), "got none for data/pipe"),
        (lambda copy: (copy / "readme.md").touch(), "got none for readme.md"),
        (lambda copy: (copy / "SHA256SUMS.sig").write_text("a poem"), "expected one signature"),
        (lambda copy: (copy / "SHA256SUMS").unlink(), "expected SHA256SUMS, which"),
        (linked, "README.md with the digest"),
    ],
)
def test_what_is_added_or_taken_away_is_found(
    tmp_path: Path, change: Callable[[Path], object], words: str
) -> None:
    copy = tmp_path / "copy"
    (copy / "data").mkdir(parents=True)
    (copy / "README.md").write_text("words")
    (copy / "SHA256SUMS").write_text(sums(copy))
    (copy / "SHA256SUMS.minisig").write_text("a signature")
    assert sums_issues(copy) == []
    change(copy)
    (issue,) = sums_issues(copy)
    assert words in issue.message


# One flipped byte


def flipped(content: bytes, at: int, bit: int) -> bytes:
    changed = bytearray(content)
    changed[at] ^= 1 << bit
    return bytes(changed)


def places(files: dict[str, bytes], chance: random.Random) -> Iterator[tuple[str, int, int]]:
    """Files with places in them and bits, at random; more of those that others rest on."""
    for name, content in files.items():
        for _ in range(MANY if name.startswith("SHA256SUMS") else 1):
            yield name, chance.randrange(len(content)), chance.randrange(8)


def test_a_flipped_byte_of_any_file_is_found(signed: tuple[Path, Path], tmp_path: Path) -> None:
    release, signers = signed
    copy = shutil.copytree(release, tmp_path / "copy")
    package, _ = opened(str(copy), allow_remote=False, limits=Limits(), spill=tmp_path)
    assert package is not None
    files = tree(copy)
    seals = {name for name in files if name.startswith("SHA256SUMS")}
    if (copy / "SHA256SUMS.minisig").exists():
        # The others are the same as with the other kind of signature.
        files = {name: files[name] for name in seals}
    assert seal_issues(copy, package, signers, Limits(), tmp_path) == []
    for name, at, bit in places(files, random.Random(release.name)):
        (copy / name).write_bytes(flipped(files[name], at, bit))
        found = sums_issues(copy)
        if name in seals and not found:
            found = seal_issues(copy, package, signers, Limits(), tmp_path)
        assert found, (name, at, bit)
        (copy / name).write_bytes(files[name])
    assert seal_issues(copy, package, signers, Limits(), tmp_path) == []


def test_a_flipped_byte_of_the_archive_is_found(signed: tuple[Path, Path], tmp_path: Path) -> None:
    release, _ = signed
    names = [f"{release.name}.zip", f"{release.name}.zip.sha256"]
    for name in names:
        shutil.copy(release.with_name(name), tmp_path)
    archive = tmp_path / names[0]
    assert archive_issues(str(archive)) == []
    chance = random.Random(1)
    for name in names:
        content = (tmp_path / name).read_bytes()
        for _ in range(MANY):
            at, bit = chance.randrange(len(content)), chance.randrange(8)
            (tmp_path / name).write_bytes(flipped(content, at, bit))
            assert archive_issues(str(archive)), (name, at, bit)
        (tmp_path / name).write_bytes(content)


@pytest.mark.parametrize("number", range(2))
def test_the_command_finds_it_too(signed: tuple[Path, Path], tmp_path: Path, number: int) -> None:
    release, signers = signed
    chance = random.Random(number)
    copy = shutil.copytree(release, tmp_path / "copy")
    archive = Path(shutil.copy(release.with_name(f"{release.name}.zip"), tmp_path))
    shutil.copy(release.with_name(f"{archive.name}.sha256"), tmp_path)
    for path in (chance.choice(sorted(p for p in copy.rglob("*") if p.is_file())), archive):
        content = path.read_bytes()
        path.write_bytes(flipped(content, chance.randrange(len(content)), chance.randrange(8)))
    for path in (copy, archive):
        result = validate(path, "--allowed-signers", signers)
        assert result.exit_code == 1
        assert "Traceback" not in result.output


# The same bytes


def test_two_releases_of_two_copies_are_the_same_bytes(tmp_path: Path) -> None:
    one = Dataset(tmp_path / "one" / "project")
    one.put(article(1))
    first = one.release("--previous", "none")
    assert "the first release, 1.0.0: --previous is none" in first.stdout
    one.put(article(2))
    other = one.copied(tmp_path / "another place")
    for dataset in (one, other):
        dataset.set("1.1.0")
    made = []
    for dataset, zone, umask, seed in ((one, "UTC", 0o022, "1"), (other, "Asia/Tokyo", 0o077, "7")):
        ended = subprocess.run(
            [sys.executable, "-P", "-m", "dateline", "release", "--jobs", "2", "--quiet"],
            cwd=dataset.folder,
            env={**ENVIRONMENT, "TZ": zone, "PYTHONHASHSEED": seed},
            umask=umask,
            capture_output=True,
            text=True,
        )
        assert ended.returncode == 0, ended.stdout + ended.stderr
        made.append(tree(dataset.folder / "releases"))
    assert made[0] == made[1]
    assert len([name for name in made[0] if name.endswith(("SHA256SUMS", ".zip"))]) == 4
