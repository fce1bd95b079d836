"""Cases of the rules on participants (38 to 45)."""

from __future__ import annotations

from rows_of_base import Cases, add, by_import, drop, put

PARTICIPANTS: Cases = {
    "the same row twice, without a source": (
        "participant-repeated",
        [
            put("victim", attribution_basis="reported_as_fact", attributed_by_actor_id=None),
            add("par_aaaaaa", "victim"),
        ],
        [
            put("victim", attribution_basis="reported_as_fact", attributed_by_actor_id=None),
            add("par_aaaaaa", "victim", attribution_basis="suspected"),
        ],
    ),
    "initiator and target by one account": (
        "participant-roles-opposed",
        [add("par_aaaaaa", "initiator", role="target")],
        [add("par_aaaaaa", "initiator", role="target", attributed_by_actor_id="@trader")],
    ),
    "captor and captive": (
        "participant-roles-opposed",
        [add("par_aaaaaa", "initiator", role="captive"), put("initiator", role="captor")],
        [add("par_aaaaaa", "initiator", role="witness"), put("initiator", role="captor")],
    ),
    "killed by its own act": (
        "participant-roles-opposed",
        [add("par_aaaaaa", "initiator", role="victim")],
        [
            put("shelling", incident_type="suicide_attack"),
            add("par_aaaaaa", "initiator", role="victim"),
        ],
    ),
    "cleared of the act, then harmed": (
        "participant-roles-opposed",
        [add("par_aaaaaa", "initiator", role="victim")],
        [
            put("initiator", attribution_basis="cleared"),
            add("par_aaaaaa", "initiator", role="victim"),
        ],
    ),
    "on both sides by one account": (
        "participant-sides-opposed",
        [add("par_aaaaaa", "initiator", role="intervener", side="b")],
        [
            add(
                "par_aaaaaa",
                "initiator",
                role="intervener",
                side="b",
                attributed_by_actor_id="@trader",
            )
        ],
    ),
    "a clash with one side": (
        "incident-role-missing",
        [put("shelling", incident_type="armed_clash")],
        [put("shelling", incident_type="armed_clash"), put("victim", side="b")],
    ),
    "an attack on civilians without any": (
        "incident-role-missing",
        [put("shelling", incident_type="attack_on_civilians"), put("dead", actor_type="rioters")],
        [put("shelling", incident_type="attack_on_civilians")],
    ),
    "an attack by nobody": (
        "incident-role-missing",
        [
            put("shelling", incident_type="attack_on_civilians"),
            put("initiator", role="intervener"),
        ],
        [
            put("shelling", incident_type="attack_on_civilians"),
            put("initiator", role="unclassified"),
        ],
    ),
    "a protest without protesters": (
        "incident-role-missing",
        [put("shelling", incident_type="force_against_protesters")],
        [
            put("shelling", incident_type="force_against_protesters"),
            add("par_aaaaaa", "victim", role="protester"),
        ],
    ),
    "an agreement of one": (
        "incident-role-missing",
        [put("shelling", incident_type="agreement"), put("initiator", role="party")],
        [
            put("shelling", incident_type="agreement"),
            put("initiator", role="party"),
            put("victim", role="party"),
        ],
    ),
    "what only imports give is a hint": (
        "incident-role-missing-hint",
        [by_import, put("shelling", incident_type="armed_clash")],
        [put("shelling", incident_type="armed_clash")],
    ),
    "nobody takes part": ("incident-without-participant", [drop("participants")], []),
    "nobody takes part in an import": (
        "incident-without-participant-hint",
        [by_import, drop("participants")],
        [drop("participants")],
    ),
    "claimed by another": (
        "participant-own-account",
        [put("initiator", attribution_basis="claimed_or_admitted")],
        [
            put("initiator", attribution_basis="claimed_or_admitted"),
            put("initiator", attributed_by_actor_id="@army"),
        ],
    ),
    "stated by itself": (
        "participant-own-account",
        [put("initiator", attributed_by_actor_id="@army")],
        [put("initiator", attributed_by_actor_id="@trader")],
    ),
    "stated by what it belongs to": (
        "participant-own-account",
        [put("army", parent_actor_id="@mayor")],
        [
            put("army", parent_actor_id="@mayor"),
            put("initiator", attribution_basis="claimed_or_admitted"),
        ],
    ),
    "cleared by what it belongs to": (
        "participant-own-account",
        [put("army", parent_actor_id="@mayor")],
        [put("army", parent_actor_id="@mayor"), put("initiator", attribution_basis="cleared")],
    ),
    "cleared of nothing": (
        "participant-cleared-alone",
        [put("initiator", attribution_basis="cleared")],
        [add("par_aaaaaa", "initiator", attribution_basis="cleared")],
    ),
    "more at least than at most": (
        "participant-strength-order",
        [put("initiator", strength_low=5, strength_high=4)],
        [put("initiator", strength_low=5, strength_high=5)],
    ),
    "more killed than there were": (
        "participant-strength-hint",
        [put("victim", strength_high=2)],
        [put("victim", strength_high=3)],
    ),
    "more killed of a side than it had": (
        "participant-strength-hint",
        [
            put("victim", side="b", strength_high=2),
            add("par_aaaaaa", "victim", actor_id="@trader", strength_high=0),
        ],
        [
            put("victim", side="b", strength_high=2),
            add("par_aaaaaa", "victim", actor_id="@trader", strength_high=None),
        ],
    ),
    "two main actors of a side": (
        "side-primary-repeated",
        [
            put("initiator", is_primary=True),
            add("par_aaaaaa", "victim", side="a", is_primary=True),
        ],
        [
            put("initiator", is_primary=True),
            add("par_aaaaaa", "victim", side="b", is_primary=True),
        ],
    ),
}
