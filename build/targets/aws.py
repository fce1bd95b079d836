"""An S3 store by the settings of the platform: the environment (`AWS_*`), the files in `~/.aws`."""

from __future__ import annotations

import configparser
import os
import re
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from obstore.exceptions import BaseError
from obstore.store import S3Store

from dateline.build.issues import EnvironmentFailure

if TYPE_CHECKING:
    from obstore.store import S3Config

# The variables that the library reads, by setting, the one that counts first.
_VARIABLES = {
    "endpoint": ("AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL", "AWS_ENDPOINT"),
    "region": ("AWS_REGION", "AWS_DEFAULT_REGION"),
    "access_key_id": ("AWS_ACCESS_KEY_ID",),
    "session_token": ("AWS_SESSION_TOKEN",),
}
# The library stops with a trace where one of these has another form.
_FORMS = {
    "endpoint": r"https?://[^\s/?#@]+/?[^\s?#@]*",
    "region": r"[\w-]+",
    "access_key_id": r"[!-~]+",
    "session_token": r"[!-~]*",
}


def store_of(bucket: str) -> S3Store:
    """The store of a bucket, which is not asked yet.

    EnvironmentFailure where the settings cannot be used. What stands still is given up within
    seconds, what moves may take its time.
    """
    seconds = timedelta(seconds=1)
    wrong = EnvironmentFailure(
        f"s3://{bucket}: expected settings of an S3 store in AWS_* and ~/.aws, got one that cannot "
        "be used: an endpoint without http:// or https://, a key or token with a line break"
    )
    settings = _settings()
    for name, form in _FORMS.items():
        if name in settings and not re.fullmatch(form, settings[name]):
            raise wrong
    config: S3Config = {}
    config.update(settings)  # type: ignore[typeddict-item]
    try:
        return S3Store(
            bucket,
            config=config,
            client_options={
                "allow_http": True,
                "connect_timeout": 3 * seconds,
                "read_timeout": 60 * seconds,
                "timeout": 86_400 * seconds,
            },
            retry_config={
                "max_retries": 3,
                "retry_timeout": 15 * seconds,
                "backoff": {"init_backoff": seconds / 5, "max_backoff": seconds, "base": 2},
            },
        )
    except BaseError:
        raise wrong from None


def _settings() -> dict[str, str]:
    """What the environment says, and what the files say beside it, by the library's names."""
    profile = os.environ.get("AWS_PROFILE", "default")
    home = Path.home() / ".aws"
    files = {
        **_section(os.environ.get("AWS_CONFIG_FILE", home / "config"), profile),
        **_section(os.environ.get("AWS_SHARED_CREDENTIALS_FILE", home / "credentials"), profile),
    }
    names = {"endpoint": "endpoint_url", "region": "region"}
    if "AWS_ACCESS_KEY_ID" not in os.environ:
        keys = ("access_key_id", "secret_access_key", "session_token")
        names |= {name: f"aws_{name}" for name in keys}
    found = {name: files[theirs] for name, theirs in names.items() if theirs in files}
    for name, variables in _VARIABLES.items():
        for variable in reversed(variables):
            if variable in os.environ:
                found[name] = os.environ[variable]
    # A copy that replaces nothing; stores that have it otherwise are set by this variable.
    found["copy_if_not_exists"] = os.environ.get("AWS_COPY_IF_NOT_EXISTS", "multipart")
    return found


def _section(file: str | Path, profile: str) -> dict[str, str]:
    """The settings of a profile; none where the file has none or cannot be read."""
    parser = configparser.RawConfigParser()
    try:
        parser.read(file, "utf-8")
    except (configparser.Error, UnicodeDecodeError):
        return {}
    for name in (profile, f"profile {profile}"):
        if parser.has_section(name):
            return dict(parser.items(name))
    return {}
