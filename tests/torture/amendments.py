"""Edits of made-up records, each with the event that it is: what the generated registry itself never does."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

Record = dict[str, Any]
Step = Callable[[Record, date], None]


@dataclass(frozen=True)
class Amendment:
    """Steps by the number of the day from which each holds, until the next, and the events of those days."""

    name: str
    steps: dict[int, Step]
    events: list[tuple[int, str]]


def module(record: Record, name: str) -> Record:
    found: Record = record["protocolSection"].setdefault(name, {})
    return found


def having(name: str, **fields: Any) -> Step:
    """Other values in a module."""
    return lambda record, day: module(record, name).update(fields)


def status(value: str, reason: str | None = None) -> Step:
    def step(record: Record, day: date) -> None:
        found = module(record, "statusModule")
        found["overallStatus"] = value
        found.pop("whyStopped", None)
        if reason:
            found["whyStopped"] = reason

    return step


def listed(module_name: str, name: str, *items: Any) -> Step:
    """More items at the end of a list."""

    def step(record: Record, day: date) -> None:
        found = module(record, module_name)
        found[name] = [*found.get(name, []), *items]

    return step


def first_away(module_name: str, name: str) -> Step:
    def step(record: Record, day: date) -> None:
        found = module(record, module_name)
        found[name] = found[name][1:]

    return step


def outcome(**fields: Any) -> Step:
    """The first primary outcome otherwise."""

    def step(record: Record, day: date) -> None:
        outcomes = module(record, "outcomesModule")["primaryOutcomes"]
        outcomes[0] = {**outcomes[0], **fields}

    return step


def swapped(source: str, target: str) -> Step:
    def step(record: Record, day: date) -> None:
        found = module(record, "outcomesModule")
        found[target] = [*found.get(target, []), found[source][0]]
        found[source] = found[source][1:]

    return step


def section(name: str, part: str, **fields: Any) -> Step:
    return lambda record, day: record.setdefault(name, {}).setdefault(part, {}).update(fields)


def dates(start: str, completion: str, kind: str = "ESTIMATED") -> Step:
    return having(
        "statusModule",
        startDateStruct={"date": start, "type": kind},
        primaryCompletionDateStruct={"date": completion, "type": kind},
        completionDateStruct={"date": completion, "type": kind},
    )


def together(*steps: Step) -> Step:
    def step(record: Record, day: date) -> None:
        for each in steps:
            each(record, day)

    return step


def obliged(completed: date) -> Step:
    """A trial whose results the law asks for, a year after a day."""
    return together(
        dates("2019-01-15", completed.isoformat(), "ACTUAL"),
        having("oversightModule", isFdaRegulatedDrug=True, isFdaRegulatedDevice=False),
        having("designModule", studyType="INTERVENTIONAL", phases=["PHASE3"]),
        status("COMPLETED"),
    )


def submitted(*rounds: dict[str, str]) -> Step:
    return section("derivedSection", "miscInfoModule", submissionTracking={"submissionInfos": list(rounds)})


def is_interventional(record: Record) -> bool:
    """Whether every amendment can be done to the record."""
    design = module(record, "designModule")
    return bool(
        design.get("studyType") == "INTERVENTIONAL"
        and not record.get("hasResults")
        and module(record, "outcomesModule").get("primaryOutcomes")
        and module(record, "armsInterventionsModule").get("armGroups")
        and design.get("enrollmentInfo", {}).get("type") == "ESTIMATED"
    )


def amendments(days: list[date]) -> list[Amendment]:
    """Every type of event that has a record to come from, at least once; some that must tell of nothing."""
    rivals = {"measure": "Left ventricular ejection fraction", "timeFrame": "1 year"}
    third = days[3]
    of_rival = together(
        having("sponsorCollaboratorsModule", leadSponsor={"name": "Rival Ltd", "class": "INDUSTRY"}),
        listed("armsInterventionsModule", "interventions", {"name": "Zinc", "type": "DRUG"}),
    )
    return [
        Amendment(
            "suspended, reason later",
            {2: status("SUSPENDED"), 4: status("SUSPENDED", "Supply of the drug")},
            [(2, "STATUS_SUSPENDED"), (4, "WHY_STOPPED_ADDED")],
        ),
        Amendment(
            "suspended beside another of its sponsor",
            {
                0: together(of_rival, status("RECRUITING")),
                2: together(of_rival, status("SUSPENDED", "Supply")),
            },
            [(2, "STATUS_SUSPENDED")],
        ),
        Amendment("the other", {0: together(of_rival, status("RECRUITING"))}, []),
        Amendment(
            "suspended for a day",
            {2: status("SUSPENDED", "By mistake"), 3: status("RECRUITING")},
            [(2, "STATUS_SUSPENDED"), (3, "STATUS_RESUMED")],
        ),
        Amendment(
            "withdrawn",
            {2: together(status("WITHDRAWN", "No funding"), _enrolled(0, "ACTUAL"))},
            [(2, "STATUS_WITHDRAWN")],
        ),
        Amendment(
            "terminated",
            {2: together(status("TERMINATED", "Futility"), _enrolled(3, "ACTUAL"))},
            [(2, "STATUS_TERMINATED"), (2, "ENROLL_ACTUAL_SHORTFALL")],
        ),
        Amendment(
            "completed and open again",
            {2: status("COMPLETED"), 4: status("ACTIVE_NOT_RECRUITING")},
            [(2, "STATUS_CHANGED"), (4, "STATUS_REVERTED")],
        ),
        Amendment(
            "opened", {0: status("NOT_YET_RECRUITING"), 2: status("RECRUITING")}, [(2, "STATUS_OPENED")]
        ),
        Amendment("target", {2: _enrolled(8_000, "ESTIMATED")}, [(2, "ENROLL_TARGET_CHANGED")]),
        Amendment(
            "target cut, then terminated",
            {
                0: _enrolled(90, "ESTIMATED"),
                1: _enrolled(45, "ESTIMATED"),
                3: together(status("TERMINATED", "Slow accrual"), _enrolled(45, "ESTIMATED")),
            },
            [(1, "ENROLL_TARGET_CHANGED"), (3, "STATUS_TERMINATED")],
        ),
        Amendment("unknown target", {2: _enrolled(99_999_999, "ESTIMATED")}, []),
        Amendment(
            "slip of a week",
            {0: dates("2025-01-15", "2027-03-01"), 2: dates("2025-01-15", "2027-03-08")},
            [(2, "PCD_MOVED"), (2, "CD_MOVED")],
        ),
        Amendment(
            "slip of a year",
            {0: dates("2025-01-15", "2027-03"), 2: dates("2025-01-15", "2028-03")},
            [(2, "PCD_MOVED"), (2, "CD_MOVED")],
        ),
        Amendment(
            "slips that pass a year together",
            {
                day: together(dates("2025-01-15", completion), having("designModule", phases=["PHASE3"]))
                for day, completion in enumerate(("2027-03-01", "2027-08-01", "2028-01-01", "2028-04-15"))
            },
            [(day, event) for day in (1, 2, 3) for event in ("PCD_MOVED", "CD_MOVED")],
        ),
        Amendment(
            "other precision", {0: dates("2025-01-15", "2027-03-01"), 2: dates("2025-01-15", "2027-03")}, []
        ),
        Amendment(
            "came true",
            {0: dates("2025-01-15", "2026-03"), 2: dates("2025-01-15", "2026-04-11", "ACTUAL")},
            [(2, "START_REALISED"), (2, "PCD_REALISED"), (2, "CD_REALISED")],
        ),
        Amendment(
            "start moved",
            {0: dates("2027-01", "2028-03"), 2: dates("2027-05", "2028-03")},
            [(2, "START_MOVED")],
        ),
        Amendment(
            "primary added",
            {2: listed("outcomesModule", "primaryOutcomes", rivals)},
            [(2, "PRIMARY_OUTCOME_ADDED")],
        ),
        Amendment(
            "primary added and removed",
            {1: listed("outcomesModule", "primaryOutcomes", rivals), 3: lambda record, day: None},
            [(1, "PRIMARY_OUTCOME_ADDED"), (3, "PRIMARY_OUTCOME_REMOVED")],
        ),
        Amendment(
            "primary replaced",
            {2: having("outcomesModule", primaryOutcomes=[rivals])},
            [(2, "PRIMARY_OUTCOME_REPLACED")],
        ),
        Amendment(
            "demoted",
            {
                2: listed("outcomesModule", "primaryOutcomes", rivals),
                4: together(
                    swapped("primaryOutcomes", "secondaryOutcomes"),
                    listed("outcomesModule", "primaryOutcomes", rivals),
                ),
            },
            [(2, "PRIMARY_OUTCOME_ADDED"), (4, "PRIMARY_OUTCOME_DEMOTED")],
        ),
        Amendment(
            "promoted",
            {
                0: having("outcomesModule", secondaryOutcomes=[rivals]),
                2: together(
                    having("outcomesModule", secondaryOutcomes=[]),
                    listed("outcomesModule", "primaryOutcomes", rivals),
                ),
            },
            [(2, "SECONDARY_OUTCOME_PROMOTED")],
        ),
        Amendment(
            "other time",
            {0: outcome(timeFrame="12 weeks"), 2: outcome(timeFrame="52 weeks")},
            [(2, "PRIMARY_OUTCOME_TIMEPOINT_CHANGED")],
        ),
        Amendment(
            "time spelled otherwise", {0: outcome(timeFrame="12 weeks"), 2: outcome(timeFrame="12 Weeks")}, []
        ),
        Amendment(
            "narrowed",
            {0: outcome(measure="Pain intensity"), 2: outcome(measure="Pain intensity at rest")},
            [(2, "PRIMARY_OUTCOME_NARROWED")],
        ),
        Amendment(
            "broadened",
            {0: outcome(measure="Serum troponin peak"), 2: outcome(measure="Serum troponin")},
            [(2, "PRIMARY_OUTCOME_BROADENED")],
        ),
        Amendment(
            "reworded",
            {0: outcome(measure="Serum level of troponin"), 2: outcome(measure="Plasma level of troponin")},
            [(2, "PRIMARY_OUTCOME_REWORDED")],
        ),
        Amendment(
            "arm added",
            {2: listed("armsInterventionsModule", "armGroups", {"label": "Zinc", "type": "OTHER"})},
            [(2, "ARM_ADDED")],
        ),
        Amendment(
            "arm removed",
            {
                0: listed("armsInterventionsModule", "armGroups", {"label": "Zinc", "type": "OTHER"}),
                2: lambda record, day: None,
            },
            [(2, "ARM_REMOVED")],
        ),
        Amendment(
            "intervention came and went",
            {
                2: listed("armsInterventionsModule", "interventions", {"name": "Zinc", "type": "DRUG"}),
                4: lambda record, day: None,
            },
            [(2, "INTERVENTION_ADDED"), (4, "INTERVENTION_REMOVED")],
        ),
        Amendment(
            "intervention renamed",
            {
                0: listed("armsInterventionsModule", "interventions", {"name": "Zinc", "type": "DRUG"}),
                2: listed(
                    "armsInterventionsModule", "interventions", {"name": "Zinc sulphate", "type": "DRUG"}
                ),
            },
            [(2, "INTERVENTION_RENAMED")],
        ),
        Amendment(
            "site in another country came, closed and went",
            {
                1: listed("contactsLocationsModule", "locations", _site("RECRUITING")),
                3: listed("contactsLocationsModule", "locations", _site("COMPLETED")),
                5: lambda record, day: None,
            },
            [
                (1, "SITES_ADDED"),
                (1, "COUNTRY_ADDED"),
                (3, "SITES_CLOSED"),
                (5, "SITES_CLOSED"),
                (5, "COUNTRY_REMOVED"),
            ],
        ),
        Amendment(
            "sponsor",
            {2: having("sponsorCollaboratorsModule", leadSponsor={"name": "Other Ltd", "class": "INDUSTRY"})},
            [(2, "SPONSOR_CHANGED")],
        ),
        Amendment(
            "sponsor in capitals",
            {
                0: having(
                    "sponsorCollaboratorsModule", leadSponsor={"name": "Other Ltd", "class": "INDUSTRY"}
                ),
                2: having(
                    "sponsorCollaboratorsModule", leadSponsor={"name": "OTHER LTD", "class": "INDUSTRY"}
                ),
            },
            [(2, "SPONSOR_RENAMED")],
        ),
        Amendment(
            "phase",
            {
                0: having("designModule", phases=["EARLY_PHASE1"]),
                2: having("designModule", phases=["PHASE1"]),
            },
            [(2, "PHASE_CHANGED")],
        ),
        Amendment(
            "design",
            {
                0: having("designModule", designInfo={"allocation": "RANDOMIZED"}),
                2: having("designModule", designInfo={"allocation": "NON_RANDOMIZED"}),
            },
            [(2, "DESIGN_CHANGED")],
        ),
        Amendment(
            "sex and age",
            {
                0: having("eligibilityModule", sex="ALL", minimumAge="18 Years"),
                2: having("eligibilityModule", sex="FEMALE", minimumAge="21 Years"),
            },
            [(2, "ELIGIBILITY_CHANGED"), (2, "ELIGIBILITY_CHANGED")],
        ),
        Amendment(
            "criterion",
            {2: _criteria(lambda text: f"{text}\n* Any allergy to nuts")},
            [(2, "ELIGIBILITY_CRITERIA_CHANGED")],
        ),
        Amendment(
            "blank lines between criteria", {2: _criteria(lambda text: text.replace("\n", "\n\n"))}, []
        ),
        Amendment(
            "document",
            {
                2: section(
                    "documentSection",
                    "largeDocumentModule",
                    largeDocs=[{"filename": "Prot_000.pdf", "typeAbbrev": "Prot"}],
                )
            },
            [(2, "DOCS_ADDED")],
        ),
        Amendment(
            "violation",
            {
                2: section(
                    "annotationSection",
                    "annotationModule",
                    violationAnnotation={
                        "violationEvents": [{"type": "VIOLATION_IDENTIFIED", "issuedDate": third.isoformat()}]
                    },
                )
            },
            [(2, "FDA_VIOLATION")],
        ),
        Amendment(
            "publication, retracted later",
            {
                1: having(
                    "referencesModule", references=[{"pmid": "11111111", "type": "RESULT", "citation": "A"}]
                ),
                3: having(
                    "referencesModule",
                    references=[
                        {
                            "pmid": "11111111",
                            "type": "RESULT",
                            "citation": "A",
                            "retractions": [{"pmid": "22222222", "source": "J"}],
                        }
                    ],
                ),
            },
            [(3, "RETRACTION_LINKED")],
        ),
        Amendment(
            "retracted publication",
            {
                2: having(
                    "referencesModule",
                    references=[
                        {
                            "pmid": "33333333",
                            "type": "DERIVED",
                            "citation": "B",
                            "retractions": [{"pmid": "44444444", "source": "J"}],
                        }
                    ],
                )
            },
            [(2, "RETRACTION_LINKED")],
        ),
        Amendment(
            "results sent, returned, sent again, posted",
            {
                1: submitted({"releaseDate": "2026-08-03"}),
                2: submitted({"releaseDate": "2026-08-03", "resetDate": "2026-08-24"}),
                3: submitted(
                    {"releaseDate": "2026-08-03", "resetDate": "2026-08-24"}, {"releaseDate": "2026-08-31"}
                ),
                5: together(
                    lambda record, day: record.update(hasResults=True),
                    having("statusModule", resultsFirstSubmitDate="2026-08-03"),
                ),
            },
            [(1, "RESULTS_SUBMITTED"), (2, "QC_RETURNED"), (3, "QC_RESUBMITTED"), (5, "RESULTS_POSTED")],
        ),
        Amendment("results due soon", {0: obliged(third + timedelta(60 - 365))}, [(3, "RESULTS_DUE_SOON")]),
        Amendment(
            "results overdue, then a certificate",
            {
                0: obliged(third - timedelta(365 + 31)),
                5: together(
                    obliged(third - timedelta(365 + 31)),
                    having("statusModule", dispFirstSubmitDate=(third - timedelta(200)).isoformat()),
                ),
            },
            [(3, "RESULTS_OVERDUE"), (5, "NO_LONGER_OVERDUE")],
        ),
        Amendment(
            "overdue, then no applicable trial",
            {
                0: obliged(days[0] - timedelta(500)),
                2: together(obliged(days[0] - timedelta(500)), having("designModule", phases=["PHASE1"])),
            },
            [(2, "NO_LONGER_OVERDUE"), (2, "PHASE_CHANGED")],
        ),
        Amendment(
            "overdue, then sent",
            {
                0: obliged(days[0] - timedelta(500)),
                2: together(
                    obliged(days[0] - timedelta(500)), submitted({"releaseDate": days[1].isoformat()})
                ),
            },
            [(2, "NO_LONGER_OVERDUE"), (2, "RESULTS_SUBMITTED")],
        ),
        Amendment(
            "geocode",
            {
                0: having("contactsLocationsModule", locations=[_site("RECRUITING")]),
                2: having("contactsLocationsModule", locations=[_site("RECRUITING", latitude=63.5)]),
            },
            [],
        ),
    ]


def _enrolled(count: int, kind: str) -> Step:
    return having("designModule", enrollmentInfo={"count": count, "type": kind})


def _site(value: str, latitude: float = 63.4) -> Record:
    return {
        "facility": "Hospital of the North",
        "city": "Trondheim",
        "zip": "7006",
        "country": "Norway",
        "status": value,
        "geoPoint": {"lat": latitude, "lon": 10.4},
    }


def _criteria(rewrite: Callable[[str], str]) -> Step:
    def step(record: Record, day: date) -> None:
        found = module(record, "eligibilityModule")
        found["eligibilityCriteria"] = rewrite(found["eligibilityCriteria"])

    return step
