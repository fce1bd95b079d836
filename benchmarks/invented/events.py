"""The invented events that the articles of the benchmark corpus report."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random

from invented import sentences

FIRST_DAY, DAYS = date(2005, 1, 10), 7200
REBELS = 12  # armed groups in a country
ONSETS = ("b", "d", "f", "g", "k", "l", "m", "n", "p", "r", "s", "t", "v", "z", "br", "st")
# Distinct without their accents too, so that no two names look like one.
RIMES = ("a", "é", "i", "ø", "u", "ar", "en", "il", "or", "un", "ai", "ei", "oi", "ul", "em", "au")
SYLLABLES = [onset + rime for onset in ONSETS for rime in RIMES]
WEAPONS = {
    "armed_clash": "firearms",
    "shelling_missile": "artillery_missile_armour",
    "air_drone_strike": "drone",
    "attack_on_civilians": "firearms",
    "remote_explosive": "explosives",
}
HARMS = {"abduction": "abducted", "peaceful_protest": ""}  # killed for the other kinds
TITLES = {
    "armed_clash": "Gun battle at {}",
    "shelling_missile": "Artillery barrage on the outskirts of {}",
    "air_drone_strike": "Strike from the air by {}",
    "attack_on_civilians": "Traders shot at in {}",
    "remote_explosive": "Bus hit by planted device, {}",
    "abduction": "Villagers taken from {}",
    "peaceful_protest": "March for an open crossing, {}",
}


@dataclass(frozen=True)
class Event:
    """What happened: the same in every article that reports it."""

    kind: str
    country: int
    rebel: int
    region: str
    place: str
    start: date
    end: date
    geo_precision: str
    point: tuple[float, float]
    killed: int
    injured: int
    rival: int
    key: str | None

    @property
    def harm(self) -> str:
        """The harm type of its toll; empty where nobody came to harm."""
        return HARMS.get(self.kind, "killed")


def word(number: int) -> str:
    """An invented name; different for each number below 2**24."""
    mixed = number * 7_368_787 % 2**24
    return "".join(SYLLABLES[mixed >> shift & 255] for shift in (16, 8, 0)).capitalize()


def first_event(rng: Random, number: int, key: str | None = None) -> Event:
    """A fight between an army and an armed group, at a place of its own."""
    country = rng.randrange(len(sentences.COUNTRIES))
    start = FIRST_DAY + timedelta(days=rng.randrange(DAYS))
    region, point = location(rng, country)
    return Event(
        kind=rng.choice(tuple(sentences.LEADS)),
        country=country,
        rebel=country * REBELS + rng.randrange(REBELS),
        region=region,
        place=word(number),
        start=start,
        end=start + timedelta(days=2 if rng.random() < 0.1 else 0),
        geo_precision=rng.choice(("exact", "exact", "near", "admin1")),
        point=point,
        killed=rng.randint(4, 30),
        injured=rng.randint(31, 60),
        rival=rng.choice((-1, 0, 1, 2)),
        key=key,
    )


def second_event(rng: Random, number: int, first: Event, printed: date) -> Event:
    """A smaller event of the same country, a day or two before the day of print."""
    day = printed - timedelta(days=rng.randint(1, 2))
    region, point = location(rng, first.country)
    return replace(
        first,
        kind=rng.choice(tuple(sentences.SECONDS)),
        region=region,
        place=word(number),
        start=day,
        end=day,
        point=point,
        killed=rng.randint(2, 25),
        key=None,
    )


def location(rng: Random, country: int) -> tuple[str, tuple[float, float]]:
    """A region of the country, and a point inside its borders."""
    _, state, latitudes, longitudes = sentences.COUNTRIES[country]
    point = round(rng.uniform(*latitudes), 4), round(rng.uniform(*longitudes), 4)
    return f"{rng.choice(sentences.REGIONS)} {state}", point


def shared_events(
    count: int, seed: int, percent: int = 20, reports: Sequence[int] = (2, 3)
) -> dict[int, tuple[Event, int]]:
    """Article number -> its event and how many earlier articles report it.

    `percent` of the articles report such an event, each of which has one of `reports` articles.
    With two incidents an article and 20 percent, a tenth of all incidents is shared.
    """
    rng = Random(f"{seed}/shared")
    chosen = rng.sample(range(count), count * percent // 100)
    shared: dict[int, tuple[Event, int]] = {}
    while len(chosen) > 1:
        members = [chosen.pop() for _ in range(min(len(chosen), rng.choice(reports)))]
        number = min(members)
        event = first_event(rng, 2 * number, f"event-{seed}-{number:07d}")
        shared.update({member: (event, earlier) for earlier, member in enumerate(members)})
    return shared
