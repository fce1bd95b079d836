"""Cases of the rules on ids, text and numbers (1 to 6)."""

from __future__ import annotations

from rows_of_base import Cases, add, put

FORM: Cases = {
    "an id that is no id": (
        "id-undefined",
        [add("par_undefined", "victim", role="witness")],
        [add("par_undefineda", "victim", role="witness")],
    ),
    "a key with a part that is none": (
        "id-undefined",
        [put("army", actor_key="army_NaN")],
        [put("army", actor_key="army_nano")],
    ),
    **{
        f"{value!r} for nothing": (
            "text-sentinel",
            [put("shelling", admin1=value)],
            [put("shelling", admin1=f"{value} of Orra")],
        )
        for value in ("N/A", "unknown", "NA", "-", "?", "None", "\N{EM DASH}")
    },
    "a word of a list": (
        "text-sentinel",
        [put("army", aliases=["unknown"])],
        [put("army", aliases=["NA"])],
    ),
    "words that somebody said": (
        "text-sentinel",
        [put("blamed", speaker_label="unknown")],
        [put("toll", count_text="none")],
    ),
    "an annotator that is nobody": (
        "text-sentinel",
        [lambda tables: tables["evidence"][0].update(annotator_id="n/a")],
        [lambda tables: tables["evidence"][0].update(annotator_id="na-2")],
    ),
    "a code of nines": (
        "number-sentinel",
        [put("army", ucdp_actor_id=9999)],
        [put("army", ucdp_actor_id=9998)],
    ),
    "a year of nines": (
        "number-sentinel",
        [put("army", active_to="9999-12")],
        [put("army", active_to="1999-12")],
    ),
    "a point of minus ones": (
        "number-sentinel",
        [put("shelling", latitude=-1.0, longitude=-1.0)],
        [put("shelling", latitude=-1.0, longitude=36.8)],
    ),
    "a tab": (
        "text-control-character",
        [put("shelling", title="Shells\ton Orra")],
        [put("fled", quote_text="We ran\x07 for the river,")],
    ),
    "a letter and its mark": (
        "text-not-nfc",
        [put("shelling", place_name="Orra\u0301")],
        [put("shelling", place_name="Orr\u00e1")],
    ),
    "a mark as it is printed": (
        "text-not-nfc",
        [put("army", aliases=["Arme\u0301e"])],
        [put("fled", quote_text="We ran to Orra\u0301,")],
    ),
    "a space at the end": (
        "text-space-at-end",
        [put("army", name="Army of Sade\u00a0")],
        [put("army", name="Army  of Sade")],
    ),
    "two spaces in what is printed": (
        "text-space-run",
        [put("article", headline="Shells on  Orra")],
        [put("article", headline="Shells on Orra")],
    ),
    "a line break in what is printed": (
        "text-space-run",
        [put("article", headline="Shells\non Orra")],
        [put("shelling", summary="Two  spaces")],
    ),
    "an item twice": (
        "list-repeated",
        [put("army", aliases=["AS", "AS"])],
        [put("army", aliases=["AS", "as"])],
    ),
}
