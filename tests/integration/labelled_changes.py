"""Pairs of versions that differ in one trait each, and what a reader of both would say has changed."""

from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from builders import Record, a_study

Edit = Callable[[Any], Any]
# kind, field, change_type, churn_class
Change = tuple[str, str | None, str, str | None]

PLAIN: dict[str, Any] = {
    "armsInterventionsModule": {
        "armGroups": [
            {
                "label": "Tavolimab 200 mg",
                "type": "EXPERIMENTAL",
                "description": "Tavolimab 200 mg by infusion every three weeks until progression",
                "interventionNames": ["Drug: Tavolimab"],
            },
            {
                "label": "Standard chemotherapy",
                "type": "ACTIVE_COMPARATOR",
                "description": "Docetaxel 75 mg/m2 on the first day of each cycle",
                "interventionNames": ["Drug: Docetaxel"],
            },
            {
                "label": "Observation",
                "type": "NO_INTERVENTION",
                "description": "No treatment, visits as in the other groups",
                "interventionNames": [],
            },
        ],
        "interventions": [
            {
                "name": "Tavolimab",
                "type": "DRUG",
                "description": "Humanised antibody, infusion over 30 minutes",
                "armGroupLabels": ["Tavolimab 200 mg"],
                "otherNames": ["TVL-21"],
            },
            {
                "name": "Docetaxel",
                "type": "DRUG",
                "description": "Solution for infusion as marketed",
                "armGroupLabels": ["Standard chemotherapy"],
            },
            {
                "name": "Quality of life interview",
                "type": "BEHAVIORAL",
                "description": "Structured interview",
            },
        ],
    },
    "outcomesModule": {
        "primaryOutcomes": [
            {
                "measure": "Overall survival (OS)",
                "timeFrame": "Up to 5 years",
                "description": "Time from randomisation to death from any cause, censored at last contact",
            },
            {"measure": "Dose-limiting toxicities", "timeFrame": "28 days", "description": "By CTCAE 5.0"},
        ],
        "secondaryOutcomes": [
            {
                "measure": "Progression-free survival",
                "timeFrame": "Up to 3 years",
                "description": "By RECIST 1.1",
            },
            {"measure": "Objective response rate", "timeFrame": "12 months", "description": "By RECIST 1.1"},
            {"measure": "Serum concentration of tavolimab", "timeFrame": "Week 12"},
            {"measure": "Health-related quality of life by EORTC QLQ-C30", "timeFrame": "24 weeks"},
        ],
        "otherOutcomes": [{"measure": "Circulating tumour DNA clearance", "timeFrame": "6 months"}],
    },
    "contactsLocationsModule": {
        "centralContacts": [
            {
                "name": "Ada Example",
                "role": "CONTACT",
                "phone": "+49 30 0000001",
                "email": "ada@example.org",
            },
            {"name": "Ben Sample", "role": "CONTACT", "phone": "+49 30 0000002", "email": "ben@example.org"},
        ],
        "overallOfficials": [
            {
                "name": "Cleo Model, MD",
                "role": "PRINCIPAL_INVESTIGATOR",
                "affiliation": "Example University",
            }
        ],
        "locations": [
            *(
                {
                    "facility": name,
                    "city": city,
                    "country": country,
                    "zip": zip_code,
                    "status": "RECRUITING",
                    "geoPoint": {"lat": 50.0 + number, "lon": 8.0 + number},
                }
                for number, (name, city, country, zip_code) in enumerate(
                    [
                        ("University Hospital of Example City", "Berlin", "Germany", "10115"),
                        ("Research Site", "Berlin", "Germany", "10117"),
                        ("Research Site", "Leipzig", "Germany", "04103"),
                        ("Saint Sample Hospital", "Lyon", "France", "69002"),
                        ("Centre of Made-up Medicine", "Paris", "France", "75013"),
                        ("Example Cancer Institute", "Madrid", "Spain", "28007"),
                    ]
                )
            ),
            {"city": "Porto", "country": "Portugal", "status": "RECRUITING"},
        ],
    },
    "eligibilityModule": {
        "eligibilityCriteria": (
            "Inclusion Criteria:\n\n"
            "* Adults with histologically confirmed non-small cell lung cancer\n"
            "* At least one measurable lesion by RECIST 1.1\n"
            "* ECOG performance status of 0 or 1\n"
            "* Adequate bone marrow function with neutrophils ≥ 1.5 x 10\\^9/L\n\n"
            "Exclusion Criteria:\n\n"
            "* Symptomatic metastases of the brain\n"
            "* Treatment with an immune checkpoint inhibitor within six months\n"
            "* Pregnancy or breast feeding"
        ),
        "sex": "ALL",
        "minimumAge": "18 Years",
    },
    "statusModule": {
        "startDateStruct": {"date": "2025-03-15", "type": "ESTIMATED"},
        "primaryCompletionDateStruct": {"date": "2027-06-30", "type": "ESTIMATED"},
        "completionDateStruct": {"date": "2028-01", "type": "ESTIMATED"},
    },
    "conditionsModule": {
        "conditions": ["Non-small Cell Lung Cancer", "Metastasis"],
        "keywords": ["immunotherapy", "second line"],
    },
}
ARMS = "armsInterventionsModule.armGroups"
INTERVENTIONS = "armsInterventionsModule.interventions"
PRIMARY = "outcomesModule.primaryOutcomes"
SECONDARY = "outcomesModule.secondaryOutcomes"
OUTCOMES = "outcomesModule"
SITES = "contactsLocationsModule.locations"
CRITERIA = "eligibilityModule.eligibilityCriteria"
START, PRIMARY_COMPLETION, COMPLETION = (
    f"statusModule.{name}DateStruct" for name in ("start", "primaryCompletion", "completion")
)


@dataclass(frozen=True)
class Labelled:
    """What is told of the change from `before` to `after`."""

    group: str
    trait: str
    before: Record
    after: Record
    expected: list[Change]


def labelled_pairs() -> list[Labelled]:
    """Every pair, each under an id of its own."""
    pairs = []
    for number, (group, trait, path, edit, expected) in enumerate(_cases(), start=1):
        nct_id = f"NCT9{number:07}"
        before = a_study(nct_id, **deepcopy({name: PLAIN[name] for name in PLAIN if name != "statusModule"}))
        before["protocolSection"]["statusModule"].update(deepcopy(PLAIN["statusModule"]))
        after = deepcopy(before)
        *parents, name = path.split(".")
        node = after["protocolSection"]
        for parent in parents:
            node = node[parent]
        node[name] = edit(node[name])
        pairs.append(Labelled(group, trait, before, after, expected))
    return pairs


def put(index: int, **fields: Any) -> Edit:
    """The item at `index` with other fields; None takes one away."""

    def edit(items: list[dict[str, Any]]) -> list[dict[str, Any]]:
        item = {**items[index], **fields}
        kept = {name: value for name, value in item.items() if value is not None}
        return [*items[:index], kept, *items[index + 1 :]]

    return edit


def insert(index: int, item: Any) -> Edit:
    return lambda items: [*items[:index], item, *items[index:]]


def remove(index: int) -> Edit:
    return lambda items: [*items[:index], *items[index + 1 :]]


def order(*indices: int) -> Edit:
    return lambda items: [items[index] for index in indices]


def both(*edits: Edit) -> Edit:
    def edit(value: Any) -> Any:
        for each in edits:
            value = each(value)
        return value

    return edit


def within(name: str, edit: Edit) -> Edit:
    return lambda module: {**module, name: edit(module[name])}


def moved(source: str, index: int, target: str, at: int, **fields: Any) -> Edit:
    """An outcome moved from one role to another."""

    def edit(module: dict[str, Any]) -> dict[str, Any]:
        item = {**module[source][index], **fields}
        return {
            **module,
            source: remove(index)(module[source]),
            target: insert(at, item)(module[target]),
        }

    return edit


def text(old: str, new: str) -> Edit:
    def edit(value: str) -> str:
        assert old in value
        return value.replace(old, new)

    return edit


def date_of(date: str | None, kind: str | None = "ESTIMATED") -> Edit:
    given = {"date": date, "type": kind}
    return lambda _: {name: value for name, value in given.items() if value is not None}


def _cases() -> Iterator[tuple[str, str, str, Edit, list[Change]]]:
    for group, path, cases in (
        ("arms", ARMS, _arms()),
        ("interventions", INTERVENTIONS, _interventions()),
        ("primary outcomes", PRIMARY, _primary_outcomes()),
        ("secondary outcomes", SECONDARY, _secondary_outcomes()),
        ("roles of outcomes", OUTCOMES, _roles()),
        ("sites", SITES, _sites()),
        ("criteria", CRITERIA, _criteria()),
        ("contacts", "contactsLocationsModule", _contacts()),
        ("conditions", "conditionsModule", _conditions()),
    ):
        for trait, edit, expected in cases:
            yield group, trait, path, edit, expected
    for trait, path, edit, expected in _dates():
        yield "dates", trait, path, edit, expected


Case = tuple[str, Edit, list[Change]]
NEW_ARM = {"label": "Placebo", "type": "PLACEBO_COMPARATOR", "description": "Saline by infusion"}


def _arms() -> list[Case]:
    added: Change = ("ARM", None, "ADDED", None)
    removed: Change = ("ARM", None, "REMOVED", None)
    renamed: Change = ("ARM", "label", "RENAMED", None)
    reworded: Change = ("ARM", "description", "REWORDED", None)
    reordered: Change = ("ARM", None, "REORDERED", "ORDER")
    return [
        ("added last", insert(3, NEW_ARM), [added]),
        ("added first", insert(0, NEW_ARM), [added]),
        ("added in the middle", insert(1, NEW_ARM), [added]),
        ("removed last", remove(2), [removed]),
        ("removed first", remove(0), [removed]),
        ("another in its place", both(remove(2), insert(0, NEW_ARM)), [added, removed]),
        ("other order", order(2, 0, 1), [reordered]),
        ("two changed places", order(1, 0, 2), [reordered]),
        ("dose in its label", put(0, label="Tavolimab 400 mg"), [renamed]),
        ("label spelled out", put(1, label="Arm B: standard chemotherapy"), [renamed]),
        (
            "label another one, description the same",
            put(0, label="Group 1"),
            [renamed],
        ),
        (
            "renamed and first",
            both(put(2, label="Observation only"), order(2, 0, 1)),
            [renamed, reordered],
        ),
        (
            "description reworded",
            put(0, description="200 mg tavolimab, infused once every 3 weeks"),
            [reworded],
        ),
        (
            "description away",
            put(2, description=None),
            [("ARM", "description", "REMOVED", None)],
        ),
        ("type", put(2, type="OTHER"), [("ARM", "arm_type", "CHANGED", None)]),
        (
            "interventions",
            put(1, interventionNames=["Drug: Docetaxel", "Behavioral: Quality of life interview"]),
            [("ARM", "interventions", "CHANGED", None)],
        ),
        (
            "label in capitals",
            put(1, label="STANDARD CHEMOTHERAPY"),
            [("ARM", "label", "REWRITTEN", "SPELLING")],
        ),
        (
            "blanks in its label",
            put(1, label="Standard  chemotherapy "),
            [("ARM", "label", "REWRITTEN", "WHITESPACE")],
        ),
        (
            "bold in its description",
            put(1, description="**Docetaxel** 75 mg/m2 on the first day of each cycle"),
            [("ARM", "description", "REWRITTEN", "MARKUP")],
        ),
        (
            "HTML in its description",
            put(1, description="<p><b>Docetaxel</b> 75 mg/m2 on the first day of each cycle</p>"),
            [("ARM", "description", "REWRITTEN", "MARKUP")],
        ),
        (
            "line breaks in its description",
            put(1, description="Docetaxel 75 mg/m2 on\nthe first day\nof each cycle"),
            [("ARM", "description", "REWRITTEN", "WHITESPACE")],
        ),
    ]


def _interventions() -> list[Case]:
    renamed: Change = ("INTERVENTION", "name", "RENAMED", None)
    added: Change = ("INTERVENTION", None, "ADDED", None)
    removed: Change = ("INTERVENTION", None, "REMOVED", None)
    biopsy = {"name": "Biopsy", "type": "PROCEDURE", "description": "Core needle biopsy"}
    return [
        ("added last", insert(3, biopsy), [added]),
        ("added first", insert(0, biopsy), [added]),
        ("removed first", remove(0), [removed]),
        ("replaced", both(remove(1), insert(1, biopsy)), [added, removed]),
        (
            "another drug of the same dose and route",
            both(put(1, name="Paclitaxel 200 mg IV", description=None), put(0, name="Tavolimab 200 mg IV")),
            [renamed, added, removed],
        ),
        (
            "replaced by one whose other name holds its name",
            both(remove(1), insert(1, {**biopsy, "otherNames": ["Docetaxel-free biopsy"]})),
            [added, removed],
        ),
        ("other order", order(2, 1, 0), [("INTERVENTION", None, "REORDERED", "ORDER")]),
        ("formulation in its name", put(1, name="Docetaxel injection"), [renamed]),
        ("named by its other name", put(0, name="TVL-21"), [renamed]),
        ("another name, all else the same", put(0, name="Antibody X"), [renamed]),
        ("type", put(0, type="BIOLOGICAL"), [("INTERVENTION", "intervention_type", "CHANGED", None)]),
        (
            "description",
            put(2, description="Interview by telephone"),
            [("INTERVENTION", "description", "REWORDED", None)],
        ),
        (
            "other names",
            put(0, otherNames=["TVL-21", "TVL21"]),
            [("INTERVENTION", "other_names", "CHANGED", None)],
        ),
        ("arms", put(2, armGroupLabels=["Observation"]), [("INTERVENTION", "arms", "ADDED", None)]),
        (
            "name in small letters",
            put(1, name="docetaxel"),
            [("INTERVENTION", "name", "REWRITTEN", "SPELLING")],
        ),
    ]


def _primary_outcomes() -> list[Case]:
    reworded: Change = ("OUTCOME", "measure", "REWORDED", None)
    added: Change = ("OUTCOME", None, "ADDED", None)
    removed: Change = ("OUTCOME", None, "REMOVED", None)
    new = {"measure": "Incidence of cytokine release syndrome", "timeFrame": "90 days"}
    return [
        ("added last", insert(2, new), [added]),
        ("added first", insert(0, new), [added]),
        ("removed last", remove(1), [removed]),
        ("removed first", remove(0), [removed]),
        ("replaced", both(remove(1), insert(1, new)), [added, removed]),
        ("replaced in front of the other", both(remove(1), insert(0, new)), [added, removed]),
        ("other order", order(1, 0), [("OUTCOME", None, "REORDERED", "ORDER")]),
        (
            "time frame",
            put(0, timeFrame="Up to 3 years"),
            [("OUTCOME", "time_frame", "TIMEPOINT_CHANGED", None)],
        ),
        ("time frame away", put(0, timeFrame=None), [("OUTCOME", "time_frame", "REMOVED", None)]),
        (
            "time frame in another spelling",
            put(1, timeFrame="28 Days."),
            [("OUTCOME", "time_frame", "REWRITTEN", "SPELLING")],
        ),
        ("abbreviation away", put(0, measure="Overall survival"), [reworded]),
        (
            "narrowed",
            put(0, measure="Overall survival in patients with PD-L1 expression"),
            [("OUTCOME", "measure", "NARROWED", None)],
        ),
        ("broadened", put(1, measure="Toxicities"), [("OUTCOME", "measure", "BROADENED", None)]),
        ("reworded", put(1, measure="Toxic effects that limit the dose"), [reworded]),
        ("another measure, description the same", put(0, measure="Mortality"), [reworded]),
        (
            "description",
            put(1, description="By CTCAE 5.0, as judged by a board"),
            [("OUTCOME", "description", "REWORDED", None)],
        ),
        ("description away", put(1, description=None), [("OUTCOME", "description", "REMOVED", None)]),
        (
            "a unit of time",
            put(1, measure="Dose-limiting toxicities within 28 weeks"),
            [("OUTCOME", "measure", "NARROWED", None)],
        ),
        (
            "measure in capitals",
            put(1, measure="DOSE-LIMITING TOXICITIES"),
            [("OUTCOME", "measure", "REWRITTEN", "SPELLING")],
        ),
        (
            "measure in bold",
            put(1, measure="**Dose-limiting** toxicities"),
            [("OUTCOME", "measure", "REWRITTEN", "MARKUP")],
        ),
        (
            "measure in HTML",
            put(1, measure="<b>Dose-limiting</b> toxicities"),
            [("OUTCOME", "measure", "REWRITTEN", "MARKUP")],
        ),
        (
            "another dash",
            put(1, measure="Dose\N{EN DASH}limiting toxicities"),
            [("OUTCOME", "measure", "REWRITTEN", "SPELLING")],
        ),
    ]


def _secondary_outcomes() -> list[Case]:
    added: Change = ("OUTCOME", None, "ADDED", None)
    removed: Change = ("OUTCOME", None, "REMOVED", None)
    new = {"measure": "Duration of hospital stay", "timeFrame": "1 year"}
    return [
        ("added first", insert(0, new), [added]),
        ("added last", insert(4, new), [added]),
        ("removed first", remove(0), [removed]),
        ("removed in the middle", remove(2), [removed]),
        ("other order", order(3, 0, 1, 2), [("OUTCOME", None, "REORDERED", "ORDER")]),
        (
            "time frame of two",
            both(put(1, timeFrame="24 months"), put(2, timeFrame="Week 24")),
            [("OUTCOME", "time_frame", "TIMEPOINT_CHANGED", None)] * 2,
        ),
        (
            "one removed, the next one's time frame changed",
            both(put(1, timeFrame="24 months"), remove(0)),
            [removed, ("OUTCOME", "time_frame", "TIMEPOINT_CHANGED", None)],
        ),
        (
            "the same measure at a second time",
            insert(3, {"measure": "Serum concentration of tavolimab", "timeFrame": "Week 24"}),
            [added],
        ),
        (
            "months as mos",
            put(1, timeFrame="12 mos"),
            [("OUTCOME", "time_frame", "REWRITTEN", "SPELLING")],
        ),
        (
            "measure of one word more",
            put(2, measure="Trough serum concentration of tavolimab"),
            [("OUTCOME", "measure", "NARROWED", None)],
        ),
        ("no more", lambda _: [], [removed] * 4),
    ]


def _roles() -> list[Case]:
    demoted: Change = ("OUTCOME", "outcome_type", "DEMOTED", None)
    promoted: Change = ("OUTCOME", "outcome_type", "PROMOTED", None)
    return [
        ("demoted, last", moved("primaryOutcomes", 1, "secondaryOutcomes", 4), [demoted]),
        ("demoted, first", moved("primaryOutcomes", 0, "secondaryOutcomes", 0), [demoted]),
        ("demoted to other", moved("primaryOutcomes", 1, "otherOutcomes", 0), [demoted]),
        ("promoted", moved("secondaryOutcomes", 0, "primaryOutcomes", 2), [promoted]),
        ("promoted from other", moved("otherOutcomes", 0, "primaryOutcomes", 0), [promoted]),
        (
            "secondary to other",
            moved("secondaryOutcomes", 2, "otherOutcomes", 1),
            [("OUTCOME", "outcome_type", "CHANGED", None)],
        ),
        (
            "swapped",
            both(
                moved("primaryOutcomes", 1, "secondaryOutcomes", 4),
                moved("secondaryOutcomes", 0, "primaryOutcomes", 1),
            ),
            [demoted, promoted],
        ),
        (
            "demoted with another time frame",
            moved("primaryOutcomes", 1, "secondaryOutcomes", 0, timeFrame="56 days"),
            [demoted, ("OUTCOME", "time_frame", "TIMEPOINT_CHANGED", None)],
        ),
        (
            "promoted, and another demoted and last",
            both(
                moved("secondaryOutcomes", 1, "primaryOutcomes", 0),
                moved("primaryOutcomes", 2, "secondaryOutcomes", 3),
            ),
            [demoted, promoted],
        ),
    ]


def _sites() -> list[Case]:
    renamed: Change = ("SITE", "facility", "RENAMED", None)
    added: Change = ("SITE", None, "ADDED", None)
    removed: Change = ("SITE", None, "REMOVED", None)
    leipzig = {"facility": "Invented Clinic", "city": "Leipzig", "country": "Germany", "zip": "04109"}
    oslo = {"facility": "Invented Clinic", "city": "Oslo", "country": "Norway", "zip": "0150"}
    return [
        ("added first", insert(0, leipzig), [added]),
        ("added last in a new country", insert(6, oslo), [added, ("COUNTRY", None, "ADDED", None)]),
        ("removed first", remove(0), [removed]),
        ("the only one of a country removed", remove(5), [removed, ("COUNTRY", None, "REMOVED", None)]),
        ("one of two called the same removed", remove(1), [removed]),
        ("without a name, closed", put(6, status="COMPLETED"), [("SITE", "site_status", "CHANGED", None)]),
        ("other order", order(5, 0, 1, 2, 3, 4, 6), [("SITE", None, "REORDERED", "ORDER")]),
        ("closed", put(3, status="COMPLETED"), [("SITE", "site_status", "CHANGED", None)]),
        ("status away", put(3, status=None), [("SITE", "site_status", "REMOVED", None)]),
        (
            "one of two called the same closed",
            put(2, status="WITHDRAWN"),
            [("SITE", "site_status", "CHANGED", None)],
        ),
        ("named at last", put(1, facility="Imagined Hospital of Berlin"), [renamed]),
        ("name longer", put(3, facility="Saint Sample Hospital, Department of Oncology"), [renamed]),
        (
            "name in capitals",
            put(3, facility="SAINT SAMPLE HOSPITAL"),
            [("SITE", "facility", "REWRITTEN", "SPELLING")],
        ),
        (
            "geocode",
            put(3, geoPoint={"lat": 45.75, "lon": 4.85}),
            [("SITE", "latitude", "CHANGED", "GEOCODE"), ("SITE", "longitude", "CHANGED", "GEOCODE")],
        ),
        (
            "geocode away",
            put(3, geoPoint=None),
            [("SITE", "latitude", "REMOVED", "GEOCODE"), ("SITE", "longitude", "REMOVED", "GEOCODE")],
        ),
        ("city in another spelling", put(5, city="Madrid (Centro)"), [("SITE", "city", "REWORDED", None)]),
        ("postcode", put(4, zip="75014"), [("SITE", "zip", "CHANGED", None)]),
        (
            "contacts",
            put(4, contacts=[{"name": "Dora Test", "role": "CONTACT"}]),
            [("SITE", "contacts_key", "ADDED", None)],
        ),
        ("state", put(4, state="Île-de-France"), [("SITE", "state", "ADDED", None)]),
        (
            "two added, one removed",
            both(remove(0), insert(0, leipzig), insert(5, oslo)),
            [
                added,
                added,
                removed,
                ("COUNTRY", None, "ADDED", None),
            ],
        ),
        (
            "moved to another city",
            put(5, city="Seville", zip="41013"),
            [("SITE", "city", "REWORDED", None), ("SITE", "zip", "CHANGED", None)],
        ),
        ("unnamed, moved to another city", put(1, city="Hamburg", zip="20095"), [added, removed]),
    ]


def _criteria() -> list[Case]:
    added: Change = ("CRITERION", None, "ADDED", None)
    removed: Change = ("CRITERION", None, "REMOVED", None)
    reworded: Change = ("CRITERION", "criterion", "REWORDED", None)
    text_only: Change = ("TRIAL", "eligibility_criteria", "REWRITTEN", "WHITESPACE")
    return [
        ("added", text("* Pregnancy", "* Active hepatitis B\n* Pregnancy"), [added]),
        (
            "a blank that turns the meaning",
            text("* Symptomatic metastases", "* A symptomatic metastases"),
            [reworded],
        ),
        (
            "a heading that turns the meaning",
            text("Inclusion Criteria:", "Non-inclusion criteria:"),
            [added, removed, *[("CRITERION", "section", "MOVED", None)] * 4],
        ),
        (
            "a criterion with the word of a heading",
            text("* Symptomatic", "* Patients not eligible for surgery\n* Symptomatic"),
            [added],
        ),
        ("a genus", text("* Pregnancy", "* E. coli infection\n* Pregnancy"), [added]),
        ("added first", text("* Adults with", "* Written informed consent\n* Adults with"), [added]),
        ("removed", text("* At least one measurable lesion by RECIST 1.1\n", ""), [removed]),
        ("removed last", text("\n* Pregnancy or breast feeding", ""), [removed]),
        ("replaced", text("* Pregnancy or breast feeding", "* Active hepatitis B"), [added, removed]),
        ("number", text("status of 0 or 1", "status of 0 to 2"), [reworded]),
        ("threshold", text("neutrophils ≥ 1.5", "neutrophils ≥ 1.0"), [reworded]),
        ("word", text("six months", "twelve months"), [reworded]),
        (
            "moved to exclusion",
            both(
                text("* ECOG performance status of 0 or 1\n", ""),
                text("* Pregnancy", "* ECOG performance status of 0 or 1\n* Pregnancy"),
            ),
            [("CRITERION", "section", "MOVED", None), ("CRITERION", None, "REORDERED", "ORDER")],
        ),
        (
            "other order",
            both(
                text("* Symptomatic metastases of the brain\n", ""),
                text("* Pregnancy", "* Symptomatic metastases of the brain\n* Pregnancy"),
            ),
            [("CRITERION", None, "REORDERED", "ORDER")],
        ),
        ("blank lines", text("\n\n", "\n"), [text_only]),
        ("trailing blanks", text("0 or 1", "0 or 1 "), [text_only]),
        ("line broken", text("confirmed non-small", "confirmed\n  non-small"), [text_only]),
        ("bullets", text("* ", "- "), [("TRIAL", "eligibility_criteria", "REWRITTEN", "MARKUP")]),
        ("escapes", text("\\^", "^"), [("TRIAL", "eligibility_criteria", "REWRITTEN", "MARKUP")]),
        (
            "headings in bold",
            text("Inclusion Criteria:", "**Inclusion Criteria:**"),
            [
                ("TRIAL", "eligibility_criteria", "REWRITTEN", "MARKUP"),
            ],
        ),
        ("signs", text("≥", ">="), [("TRIAL", "eligibility_criteria", "REWRITTEN", "SPELLING")]),
        (
            "numbered",
            lambda value: "\n".join(
                line.replace("* ", f"{number}. ", 1) for number, line in enumerate(value.split("\n"))
            ),
            [("TRIAL", "eligibility_criteria", "REWRITTEN", "MARKUP")],
        ),
        (
            "HTML",
            lambda value: (
                "<p>"
                + "<br>".join(line.removeprefix("* ").replace("\\^", "^") for line in value.split("\n"))
                + "</p>"
            ),
            [("TRIAL", "eligibility_criteria", "REWRITTEN", "MARKUP")],
        ),
        ("in capitals", str.upper, [("TRIAL", "eligibility_criteria", "REWRITTEN", "SPELLING")]),
    ]


def _contacts() -> list[Case]:
    return [
        (
            "other order",
            within("centralContacts", order(1, 0)),
            [("CENTRAL_CONTACT", None, "REORDERED", "ORDER")],
        ),
        (
            "telephone",
            within("centralContacts", put(0, phone="+49 30 0000003")),
            [("CENTRAL_CONTACT", "reach_key", "CHANGED", None)],
        ),
        (
            "name",
            within("overallOfficials", put(0, name="Cleo Model, MD, PhD")),
            [("OVERALL_OFFICIAL", "name_key", "CHANGED", None)],
        ),
        ("removed", within("centralContacts", remove(0)), [("CENTRAL_CONTACT", None, "REMOVED", None)]),
    ]


def _conditions() -> list[Case]:
    return [
        (
            "other order",
            within("conditions", order(1, 0)),
            [("CONDITION", None, "REORDERED", "ORDER")],
        ),
        ("added", within("conditions", insert(0, "Brain Tumour")), [("CONDITION", None, "ADDED", None)]),
        ("removed", within("conditions", remove(0)), [("CONDITION", None, "REMOVED", None)]),
        (
            "renamed",
            within("conditions", lambda _: ["Non-small Cell Lung Cancer Stage IV", "Metastasis"]),
            [("CONDITION", "name", "RENAMED", None)],
        ),
        (
            "in small letters",
            within("conditions", lambda _: ["non-small cell lung cancer", "Metastasis"]),
            [("CONDITION", "name", "REWRITTEN", "SPELLING")],
        ),
        ("keyword", within("keywords", insert(0, "biomarker")), [("KEYWORD", None, "ADDED", None)]),
    ]


def _dates() -> list[tuple[str, str, Edit, list[Change]]]:
    def change(field: str, kind: str) -> list[Change]:
        return [("DATE", f"{field}_date", kind, None)]

    return [
        (
            "a day later",
            PRIMARY_COMPLETION,
            date_of("2027-07-01"),
            change("primary_completion", "MOVED_LATER"),
        ),
        (
            "a year later",
            PRIMARY_COMPLETION,
            date_of("2028-06-30"),
            change("primary_completion", "MOVED_LATER"),
        ),
        ("earlier", PRIMARY_COMPLETION, date_of("2027-01-31"), change("primary_completion", "MOVED_EARLIER")),
        (
            "its month",
            PRIMARY_COMPLETION,
            date_of("2027-06"),
            change("primary_completion", "PRECISION_CHANGED"),
        ),
        ("its year", PRIMARY_COMPLETION, date_of("2027"), change("primary_completion", "PRECISION_CHANGED")),
        (
            "another month",
            PRIMARY_COMPLETION,
            date_of("2027-09"),
            change("primary_completion", "MOVED_LATER"),
        ),
        (
            "month before",
            PRIMARY_COMPLETION,
            date_of("2027-05"),
            change("primary_completion", "MOVED_EARLIER"),
        ),
        ("a day of the month", COMPLETION, date_of("2028-01-15"), change("completion", "PRECISION_CHANGED")),
        (
            "first day of the month",
            COMPLETION,
            date_of("2028-01-01"),
            change("completion", "PRECISION_CHANGED"),
        ),
        ("next month", COMPLETION, date_of("2028-02"), change("completion", "MOVED_LATER")),
        ("day after the month", COMPLETION, date_of("2028-02-01"), change("completion", "MOVED_LATER")),
        ("day before the month", COMPLETION, date_of("2027-12-31"), change("completion", "MOVED_EARLIER")),
        ("came true as planned", START, date_of("2025-03-15", "ACTUAL"), change("start", "REALISED")),
        ("came true later", START, date_of("2025-05-02", "ACTUAL"), change("start", "REALISED")),
        ("came true earlier", START, date_of("2025-02-01", "ACTUAL"), change("start", "REALISED")),
        (
            "came true in its month",
            COMPLETION,
            date_of("2028-01-20", "ACTUAL"),
            change("completion", "REALISED"),
        ),
        ("away", COMPLETION, date_of(None, None), change("completion", "REMOVED")),
        ("without a type", START, date_of("2025-04-15", None), change("start", "CORRECTED")),
        ("leap day", COMPLETION, date_of("2028-02-29"), change("completion", "MOVED_LATER")),
    ]
