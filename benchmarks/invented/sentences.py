"""Invented names and sentence templates of the benchmark corpus.

A template marks the spans that are annotated: `⟦tag+tag|words⟧`, nested where spans nest. A tag is
a local id (a mention, a role, a count) or `id.part` (`i1.place`, `s2.cue`).
"""

# Code, invented state, latitude and longitude bounds well inside the country.
COUNTRIES = (
    ("CAN", "Velmar", (52.0, 59.0), (-119.0, -101.0)),
    ("AUS", "Karsund", (-30.0, -22.0), (123.0, 143.0)),
    ("KAZ", "Ithrel", (46.5, 49.5), (58.0, 77.0)),
    ("BRA", "Dovanë", (-15.0, -7.0), (-57.0, -46.0)),
    ("ARG", "Semrik", (-37.0, -28.0), (-66.0, -61.0)),
    ("FIN", "Talvåne", (62.5, 66.5), (26.0, 28.5)),
    ("SWE", "Orrest", (60.5, 65.5), (15.0, 16.8)),
    ("NZL", "Quenra", (-44.0, -43.5), (170.5, 171.5)),
)
REGIONS = ("North", "Upper", "Lake", "Coastal", "Great", "Lower")
GIVEN = ("Ada", "Björn", "Célia", "Dragan", "Elif", "Farid", "Gáb", "Hana", "Ivo", "Jón", "Łucja")
WITNESSES = ("shopkeeper", "bus driver", "teacher", "nurse", "beekeeper", "farm worker", "student")
PUBLISHERS = (
    "Nordlys Wire",
    "The Harbour Gazette",
    "Estuário Press",
    "Plateau Daily",
    "Radio Mika",
)
GROUPS = ("Front", "Brigade", "Column", "League")

LEADS = {
    "armed_clash": (
        "⟦army+p11|The {army}⟧ and fighters of ⟦rebel+p12|the {rebel}⟧ ⟦i1.type|exchanged"
        " heavy fire⟧"
        " near ⟦i1.place|{place1}⟧ in {admin1} ⟦i1.date|on {day1}⟧, closing the road to the mills."
    ),
    "shelling_missile": (
        "⟦army+p11|The {army}⟧ ⟦i1.type|fired artillery⟧ at positions that ⟦rebel+p12|the {rebel}⟧"
        " holds outside ⟦i1.place|{place1}⟧, {admin1}, ⟦i1.date|on {day1}⟧ — the third"
        " such barrage."
    ),
    "air_drone_strike": (
        "A drone of ⟦army+p11|the {army}⟧ ⟦i1.type|struck a camp⟧ of ⟦rebel+p12|the"
        " {rebel}⟧ close to"
        " ⟦i1.place|{place1}⟧, a market town in {admin1}, ⟦i1.date|on {day1}⟧ shortly after dawn."
    ),
}
TOLLS = (
    "⟦s2.source+ministry|The {ministry}⟧ ⟦s2.cue|said⟧ ⟦s2.content|⟦c1|{killed} people⟧ were killed"
    " and ⟦c2|{injured} others⟧ injured⟧, and that the wounded had been taken to two clinics.",
    "In all, ⟦s2.content|⟦c1|{killed} people⟧ died and ⟦c2|{injured} others⟧ were hurt⟧,"
    " ⟦s2.source+ministry|the {ministry}⟧ ⟦s2.cue|reported⟧ in its evening bulletin.",
)
SPOKES_QUOTES = (
    "Our units answered fire from the ridge and then secured the crossing,",
    "The operation went as planned and the bridge is in our hands,",
    "We acted after three warnings that nobody chose to hear,",
    "No post was lost, and the convoy reached the garrison before noon,",
)
SPOKES = (
    "⟦s1.content|“{spokes_quote}”⟧ ⟦s1.source+spokes|Col. {spokes}⟧, a spokesman for"
    " ⟦army|the army⟧, ⟦s1.cue|told reporters⟧ in the capital."
)
REBEL_QUOTES = (
    "the valley belongs to those who plough it",
    "no column will pass the river again",
    "our people will answer at a time of their choosing",
    "this ground has been paid for",
)
REBEL_MIXED = (
    "⟦s4.source+rebel|The {rebel}⟧ ⟦s4.cue|said⟧ in a message on its channel that ⟦s4.content|"
    "⟦c0|{rival} people⟧ had been killed and that “{rebel_quote}”⟧."
)
REBEL_DIRECT = (
    "⟦s4.content|“{rebel_quote},”⟧ ⟦s4.source+rebel|the {rebel}⟧ ⟦s4.cue|wrote⟧ on its channel."
)
PARTS = (
    "⟦s3.source+residents|Residents of {place2}⟧, some kilometres away, ⟦s3.cue|said⟧ that"
    " ⟦s3.content|"
    "⟦c3|{civilians} of the dead⟧ were millers without any link to the fighting⟧."
)
SECONDS = {
    "attack_on_civilians": (
        "In a separate incident ⟦i2.date|on {day2}⟧, ⟦p21|armed members of the {rebel}⟧"
        " ⟦i2.type|opened"
        " fire on a market⟧ in ⟦i2.place|{place2}⟧ and hit ⟦p22|traders and farmers⟧."
    ),
    "remote_explosive": (
        "A ⟦i2.type|roadside bomb⟧ that ⟦p21|the {rebel}⟧ had planted, by most accounts,"
        " went off in"
        " ⟦i2.place|{place2}⟧ ⟦i2.date|on {day2}⟧ beside ⟦p22|a bus full of villagers⟧."
    ),
    "abduction": (
        "⟦i2.date|On {day2}⟧ ⟦p21|a patrol of the {rebel}⟧ ⟦i2.type|led away at gunpoint⟧"
        " ⟦p22|a group"
        " of villagers⟧ from ⟦i2.place|{place2}⟧, whose whereabouts were still unclear a day later."
    ),
    "peaceful_protest": (
        "⟦p22|Several families⟧ ⟦i2.type|marched through the streets⟧ of ⟦i2.place|{place2}⟧"
        " ⟦i2.date|on {day2}⟧, asking for the crossing to be opened; no police were to be seen."
    ),
}
WITNESS_QUOTES = (
    "I heard the noise first and only then did I see people running",
    "We closed the shutters and waited until it was dark",
    "My cousin called me from the mill, so I knew something was wrong",
)
WITNESS = (
    '⟦s5.content|"{witness_quote},"⟧ ⟦s5.cue|said⟧ ⟦s5.source+witness|a {witness}⟧, who'
    " asked not to"
    " be named."
)
COUNTS = {
    "killed": (
        "⟦s6.source+residents|People in {place2}⟧ ⟦s6.cue|reported⟧ that ⟦s6.content|⟦c4|{second}"
        " people⟧ had lost their lives there⟧."
    ),
    "abducted": (
        "⟦s6.source+residents|People in {place2}⟧ ⟦s6.cue|reported⟧ that ⟦s6.content|⟦c4|{second}"
        " people⟧ had been taken⟧."
    ),
    "": (
        "⟦s6.source+residents|People in {place2}⟧ ⟦s6.cue|asked⟧ that ⟦s6.content|the"
        " bridge be opened"
        " for carts and ambulances⟧."
    ),
}
NESTED = (
    "⟦s7.source+witness|The {witness}⟧ ⟦s7.cue|recalled⟧ that"
    " ⟦s7.content|⟦s8.source+rebel|men from the"
    " {rebel}⟧ had ⟦s8.cue|warned⟧ them ⟦s8.content|the mill road would stay shut until harvest⟧⟧."
)
DISPUTED = (
    "⟦s7.source+spokes|{spokes}⟧ ⟦s7.cue|blamed⟧ the killings ⟦s7.content|on the {rebel},"
    " which he said"
    " had planned them for weeks⟧. ⟦s8.source+rebel|The group⟧ ⟦s8.cue|denied⟧ ⟦s8.content|⟦c5|any"
    " civilian deaths⟧ at its hands⟧. ⟦witness|The {witness}⟧ would not say more."
)
BACKGROUND = (
    "Calls to ⟦ministry|the ministry⟧ went unanswered overnight. ⟦spokes|Colonel {family}⟧"
    " had spoken"
    " on state radio earlier in the week, when ⟦army|soldiers⟧ moved new guns to the plain and"
    " ⟦rebel|the {rebel}⟧ broke off talks. ⟦ministry|Officials of the {ministry}⟧ have"
    " since met twice."
    " ⟦witness|The same {witness}⟧ was seen helping ⟦residents|neighbours⟧ to clear the yard."
    " ⟦army|The {army}⟧ keeps a garrison in {admin1}; ⟦spokes|{spokes}⟧ has been its voice"
    " for years."
)
FILLER = (
    "The road between {place1} and {place2} has changed hands more than once since spring.",
    "Shops along the main street stayed shut, and the weekly market was put off until"
    " further notice.",
    "Aid workers had been preparing a convoy with flour, lamp oil and medicine for the district.",
    "“It was quieter last year,” a café owner wrote on a local page, without giving a name.",
    "Telephone lines to the eastern villages have been down since a storm earlier in the month.",
    "Negotiators had hoped that a truce could hold at least through the planting season.",
    "A school in {admin1} that served as a shelter was said to be close to its limits.",
    "Satellite pictures from the previous month showed new trenches along the northern embankment.",
    "The mayor of a neighbouring town offered rooms in the old customs house to families"
    " on the move.",
    "Fuel has become scarce, and prices for a canister have doubled since the turn of the year.",
    "Mediators from abroad — two of them former judges — are due to return before the end"
    " of the month.",
    "The river crossing near {place1} is one of only three that lorries can use in the wet season.",
    "An agreement signed in the spring had set out a joint commission, but it never came together.",
    "Farmers complained that drifting smoke and stray animals had damaged what was left of"
    " the barley.",
    "Trains ran as far as the junction at Mårby, from where passengers went on by bus or on foot.",
    "Analysts pointed to a struggle over tolls, which bring in more than the mines ever did.",
    "None of the accounts could be checked on the spot, as journalists were turned back at"
    " the bridge.",
    "The bishop of the diocese asked for calm and offered the parish hall as a place to talk.",
    "Electricity came back in the afternoon, though only for the hospital and the pumping station.",
    "In {place2}, people stood in line for bread from five in the morning, according to a baker.",
    "A court in the capital is still hearing a case about the events of the winter before last.",
    "The council wants to have the wells tested, since cattle fell ill downstream of the"
    " old depot.",
    "Maps used by the two sides disagree on where {admin1} ends, which has slowed every inquiry.",
    "A football match planned for the weekend was moved to Çelikova, two valleys to the south.",
    "Observers counted fewer patrols on the plateau but more checkpoints along the paved roads.",
    "The harvest had been good, and traders had expected a busy week in the squares of the"
    " district.",
    "Rain is forecast for the coming days, which may make the tracks over the pass unusable.",
    "Parliament is expected to debate the budget for the region when it meets again in the autumn.",
    "A bakery, two barns and part of the old tannery were damaged, neighbours said by telephone.",
    "Later that day a column of lorries was seen heading west, its headlights switched off.",
    "The museum in the citadel has packed its oldest manuscripts, among them the Žitnik codex.",
    "A ferry that had been laid up for repairs was put back into service at short notice.",
    "Teachers’ unions called the state of the roads the most urgent matter before the winter.",
    "Both camps have traded blame over the fire that destroyed the customs shed in the spring.",
    "The old railway hotel, where delegates used to stay, is now home to some ninety families.",
    "Reporters counted eleven empty houses on the lane that leads from the chapel to the weir.",
    "Prices for seed and diesel are set each Monday by a board that has not met since the thaw.",
    "A delegation of elders walked to the dam to ask the engineers how long the water would last.",
    "People who fled in the first weeks have begun to ask when the schools will open again.",
)
