"""Which events the days of a registry tell of, in plain Python over the JSON, from the specification."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from itertools import zip_longest
from typing import Any

from integration.fdaaa_oracle import class_of, completed_on, standing, years_later
from integration.oracle import Record, last_day, module

Told = tuple[str, str, str | None, str | None]
# Trial, day, type, severity, and what was and is now where that is one value.
Event = tuple[str, date, str, str, str | None, str | None]
Days = dict[date, dict[str, Record]]
STOPS = ("SUSPENDED", "TERMINATED", "WITHDRAWN", "UNKNOWN")
OPEN = ("RECRUITING", "NOT_YET_RECRUITING", "ENROLLING_BY_INVITATION", "ACTIVE_NOT_RECRUITING")
OVER = ("COMPLETED", "TERMINATED", "WITHDRAWN")
DATES = {"START": "startDateStruct", "PCD": "primaryCompletionDateStruct", "CD": "completionDateStruct"}
DESIGN = ("allocation", "interventionModel", "primaryPurpose", "observationalModel", "timePerspective")


OF_THE_LISTING = {"NEW_TRIAL", "NEWLY_LISTED", "VANISHED", "MERGED", "WITHHELD", "REAPPEARED"}
# Whose before and after are one value of the record.
WITH_VALUES = ("STATUS_", "PCD_", "CD_", "START_", "ENROLL_", "SITES_", "SPONSOR_", "WHY_STOPPED")
# Events as the published file tells them.
TOLD = f"""
    select nct_id, snapshot_date, event_type, severity, before_value, after_value
    from marts.fct_trial_events
    where event_type not in {tuple(sorted(OF_THE_LISTING))}
"""


OTHERS = """
    select
        nct_id,
        snapshot_date,
        coalesce(from_json(details -> 'other_active_trials', '["varchar"]'), [])
    from marts.fct_trial_events
    where event_type = 'STATUS_SUSPENDED'
"""


def counted(events: Iterable[Event]) -> Counter[Event]:
    """Events by how often each is told, with the values that both sides tell of."""
    return Counter(
        (*event[:4], *(event[4:] if event[2].startswith(WITH_VALUES) else (None, None))) for event in events
    )


def expected_events(days: Days) -> Iterator[Event]:
    """Every event but those of the listing itself; a status taken back within a day is urgent for nobody."""
    events = list(_told(days))
    statuses = {
        (event[0], event[4], event[5]): event[1] for event in events if event[2].startswith("STATUS_")
    }
    for trial, day, kind, severity, was, now in events:
        opposite = statuses.get((trial, now, was))
        is_slip = kind.startswith("STATUS_") and opposite is not None and abs((opposite - day).days) <= 1
        yield trial, day, kind, "P3" if is_slip else severity, was, now


def suspended_beside(days: Days) -> dict[tuple[str, date], list[str]]:
    """Of each suspension by trial and day: open trials of its sponsor with one of its treatments, twenty."""
    return {
        (trial, day): sorted(
            other
            for other, record in days[day].items()
            if other != trial
            and _status(record) in OPEN
            and _sponsor(record).strip().lower() == _sponsor(days[day][trial]).strip().lower()
            and _treatments(record) & _treatments(days[day][trial])
        )[:20]
        for trial, day, kind, *_ in _told(days)
        if kind == "STATUS_SUSPENDED"
    }


def _treatments(record: Record) -> set[str]:
    given = module(record, "armsInterventionsModule").get("interventions", [])
    names = {" ".join(each["name"].lower().split()) for each in given}
    return {
        name
        for name in names
        if not re.match(r"(match\w+ )?placebo|sham|no (treat|inter)|standard of care", name)
    }


def _told(days: Days) -> Iterator[Event]:
    seen: dict[str, list[tuple[date, Record]]] = {}
    previous_day = None
    renamed = _renamed_in_bulk(days)
    for day in sorted(days):
        for trial, record in days[day].items():
            for each in _events_of(seen.get(trial, []), day, record, (previous_day, renamed)):
                yield (trial, day, *each)
            seen.setdefault(trial, []).append((day, record))
        gone = [
            trial for trial, known in seen.items() if known[-1][0] == previous_day and trial not in days[day]
        ]
        for trial in gone:
            if _is_overdue(seen[trial][-1][1], seen[trial][-1][0]):
                yield trial, day, "NO_LONGER_OVERDUE", "P2", None, None
        previous_day = day


def _events_of(
    known: list[tuple[date, Record]], day: date, after: Record, context: tuple[Any, Any]
) -> Iterator[Told]:
    if not known:
        return
    previous_day, renamed = context
    seen_on, before = known[-1]
    yield from _clock_events(before, after, seen_on if seen_on == previous_day else None, seen_on, day)
    if before == after:
        return
    said = last_day(module(after, "statusModule").get("lastUpdateSubmitDate")) or day
    phases = set(module(after, "designModule").get("phases", []))
    yield from _status_events(before, after)
    yield from _date_events(known, before, after, bool(phases & {"PHASE2", "PHASE3", "PHASE4"}))
    yield from _enrollment_events(before, after)
    yield from _outcome_events(before, after, said)
    yield from _list_events(before, after)
    yield from _field_events(before, after, renamed.get(day, set()))
    yield from _result_events(before, after)


def _status(record: Record) -> str:
    return str(module(record, "statusModule")["overallStatus"])


def _status_events(before: Record, after: Record) -> Iterator[Told]:
    was, now = _status(before), _status(after)
    reason_was, reason = (module(each, "statusModule").get("whyStopped") for each in (before, after))
    if was == now:
        if reason and not reason_was:
            yield "WHY_STOPPED_ADDED", "P2", None, reason
        return
    if now in STOPS:
        yield f"STATUS_{now}", "P3" if now == "UNKNOWN" else "P1", was, now
    elif was == "SUSPENDED" and now in OPEN:
        yield "STATUS_RESUMED", "P1", was, now
    elif was in OVER and now in OPEN:
        yield "STATUS_REVERTED", "P2", was, now
    elif was == "NOT_YET_RECRUITING" and now in ("RECRUITING", "ENROLLING_BY_INVITATION"):
        yield "STATUS_OPENED", "P2", was, now
    else:
        yield "STATUS_CHANGED", "P3", was, now


def _first_day(text: str) -> date:
    return date(*(int(part) for part in f"{text}-01-01"[:10].split("-")))


def _date_events(
    known: list[tuple[date, Record]], before: Record, after: Record, is_late_phase: bool
) -> Iterator[Told]:
    for prefix, name in DATES.items():
        was, now = (module(each, "statusModule").get(name) for each in (before, after))
        if was == now or not was or not now:
            continue
        told = _dated(was), _dated(now)
        types = (was.get("type"), now.get("type"))
        if types == ("ESTIMATED", "ACTUAL"):
            yield f"{prefix}_REALISED", "P3", *told
            continue
        (lo, hi), (new_lo, new_hi) = (
            (_first_day(each["date"]), last_day(each["date"])) for each in (was, now)
        )
        assert hi is not None
        assert new_hi is not None
        is_within = (lo <= new_lo and new_hi <= hi) or (new_lo <= lo and hi <= new_hi)
        if is_within and types != ("ACTUAL", "ESTIMATED"):
            continue
        slip = (new_hi - hi).days if types == ("ESTIMATED", "ESTIMATED") else 0
        first = last_day(module(known[0][1], "statusModule").get(name, {}).get("date"))
        total = (new_hi - first).days if first else 0
        is_far = slip >= 180 or total >= 365 > total - slip
        yield (
            f"{prefix}_MOVED",
            "P1" if slip > 0 and is_far and is_late_phase else "P2" if slip >= 90 else "P3",
            *told,
        )


def _dated(one: dict[str, str]) -> str:
    return " ".join(filter(None, (one["date"], one.get("type"))))


def _enrollment_events(before: Record, after: Record) -> Iterator[Told]:
    was, now = (module(each, "designModule").get("enrollmentInfo", {}) for each in (before, after))
    counts = [each.get("count") for each in (was, now)]
    if was == now or None in counts or 99999999 in counts:
        return
    told = f"{was['count']} {was.get('type')}", f"{now['count']} {now.get('type')}"
    types = (was.get("type"), now.get("type"))
    if types == ("ESTIMATED", "ESTIMATED") and counts[0] != counts[1]:
        if 5 * abs(counts[1] - counts[0]) >= counts[0]:
            yield "ENROLL_TARGET_CHANGED", "P2", *told
    elif types == ("ESTIMATED", "ACTUAL") and 5 * counts[1] < 4 * counts[0] and _status(after) != "WITHDRAWN":
        yield "ENROLL_ACTUAL_SHORTFALL", "P2", *told


def _words(text: str) -> set[str]:
    common = {
        "of",
        "in",
        "to",
        "with",
        "from",
        "the",
        "change",
        "baseline",
        "number",
        "participants",
        "rate",
        "time",
    }
    return set(re.findall(r"[\w.]+", re.sub(r"\(\S+\)", " ", text.lower()))) - common


def _outcome_events(before: Record, after: Record, said: date) -> Iterator[Told]:
    """Measures are compared word by word here; the made-up ones leave no doubt."""
    was, now = (module(each, "outcomesModule") for each in (before, after))
    if was == now or not any(was.values()):
        return
    start = last_day(module(before, "statusModule").get("startDateStruct", {}).get("date"))
    severity = "P1" if start and start < said else "P2"
    old, new = list(was.get("primaryOutcomes", [])), list(now.get("primaryOutcomes", []))
    others_was, others_now = (
        [each["measure"] for role in ("secondaryOutcomes", "otherOutcomes") for each in module_.get(role, [])]
        for module_ in (was, now)
    )
    for one in list(old):
        if one["measure"] not in [each["measure"] for each in new] and one["measure"] in others_now:
            old.remove(one)
            yield "PRIMARY_OUTCOME_DEMOTED", severity, None, None
    for one in list(new):
        if one["measure"] not in [each["measure"] for each in old] and one["measure"] in others_was:
            new.remove(one)
            yield "SECONDARY_OUTCOME_PROMOTED", severity, None, None
    for one in list(old):
        words = _words(one["measure"])
        likely = [each for each in new if each["measure"] == one["measure"]] or [
            each
            for each in new
            if len(words & _words(each["measure"])) > 0.35 * len(words | _words(each["measure"]))
        ]
        if not likely:
            continue
        other = likely[0]
        old.remove(one)
        new.remove(other)
        if one["measure"] != other["measure"]:
            more, fewer = words < _words(other["measure"]), words > _words(other["measure"])
            kind = "NARROWED" if more else "BROADENED" if fewer else "REWORDED"
            yield f"PRIMARY_OUTCOME_{kind}", severity, one["measure"], other["measure"]
        if one.get("timeFrame", "").casefold() != other.get("timeFrame", "").casefold():
            yield "PRIMARY_OUTCOME_TIMEPOINT_CHANGED", severity, one.get("timeFrame"), other.get("timeFrame")
        if one.get("description") != other.get("description"):
            yield "PRIMARY_OUTCOME_REWORDED", severity, one.get("description"), other.get("description")
    for went, came in zip_longest(old, new):
        kind = "ADDED" if went is None else "REMOVED" if came is None else "REPLACED"
        yield f"PRIMARY_OUTCOME_{kind}", severity, None, None


def _list_events(before: Record, after: Record) -> Iterator[Told]:
    treated_was, treated = (module(each, "armsInterventionsModule") for each in (before, after))
    for kind, name, key in (("ARM", "armGroups", "label"), ("INTERVENTION", "interventions", "name")):
        was, now = ({each[key]: each for each in side.get(name, [])} for side in (treated_was, treated))
        gone, come = [each for each in was if each not in now], [each for each in now if each not in was]
        for one in list(gone):
            for other in come:
                if _is_same_treatment(was[one], now[other], _words(one), _words(other)):
                    gone.remove(one)
                    come.remove(other)
                    if kind == "INTERVENTION":
                        yield "INTERVENTION_RENAMED", "P2", one, other
                    break
        yield from ((f"{kind}_REMOVED", "P2", None, None) for _ in gone)
        yield from ((f"{kind}_ADDED", "P2", None, None) for _ in come)
    yield from _site_events(before, after)
    documents_was, documents = (
        [
            each["filename"]
            for each in side.get("documentSection", {}).get("largeDocumentModule", {}).get("largeDocs", [])
        ]
        for side in (before, after)
    )
    yield from (("DOCS_ADDED", "P3", None, None) for each in documents if each not in documents_was)
    violations_was, violations = (
        side.get("annotationSection", {})
        .get("annotationModule", {})
        .get("violationAnnotation", {})
        .get("violationEvents", [])
        for side in (before, after)
    )
    yield from (("FDA_VIOLATION", "P1", None, None) for each in violations if each not in violations_was)
    retracted_was, retracted = (
        [
            each["pmid"]
            for each in module(side, "referencesModule").get("references", [])
            if each.get("retractions")
        ]
        for side in (before, after)
    )
    yield from (("RETRACTION_LINKED", "P1", None, None) for each in retracted if each not in retracted_was)


def _is_same_treatment(was: Record, now: Record, words: set[str], words_now: set[str]) -> bool:
    described = was.get("description", "")
    return (len(described) > 40 and described == now.get("description")) or len(
        words & words_now
    ) > 0.35 * len(words | words_now)


def _site_events(before: Record, after: Record) -> Iterator[Told]:
    """A site is told by its facility and city here; the records have none twice that changed."""
    was, now = (module(each, "contactsLocationsModule").get("locations", []) for each in (before, after))

    def places(sites: list[dict[str, Any]]) -> dict[tuple[Any, ...], str | None]:
        numbered: dict[tuple[Any, ...], str | None] = {}
        for site in sites:
            place = tuple(site.get(name) for name in ("facility", "city", "country", "zip"))
            number = sum(known[:4] == place for known in numbered)
            numbered[(*place, number)] = site.get("status")
        return numbered

    sites_was, sites = places(was), places(now)
    come, gone = sites.keys() - sites_was.keys(), sites_was.keys() - sites.keys()
    moved = {(one, other) for one in gone for other in come if one[1:4] == other[1:4] and one[3] is not None}
    come, gone = come - {other for _, other in moved}, gone - {one for one, _ in moved}
    ended = ("COMPLETED", "TERMINATED", "WITHDRAWN")
    closed = len(gone) + sum(
        sites[place] in ended and status != sites[place]
        for place, status in sites_was.items()
        if place in sites
    )
    told = f"{len(was)} sites", f"{len(now)} sites"
    for kind, count in (("SITES_ADDED", len(come)), ("SITES_CLOSED", closed)):
        if count:
            yield kind, "P2" if 4 * count >= max(len(was), len(now)) else "P3", *told
    countries_was, countries = ({each.get("country") for each in side} - {None} for side in (was, now))
    yield from (("COUNTRY_ADDED", "P2", None, each) for each in countries - countries_was)
    yield from (("COUNTRY_REMOVED", "P2", each, None) for each in countries_was - countries)


def _sponsor(record: Record) -> str:
    return str(module(record, "sponsorCollaboratorsModule")["leadSponsor"]["name"])


def _posted(record: Record) -> Any:
    return module(record, "statusModule").get("lastUpdatePostDateStruct", {}).get("date")


def _renamed_in_bulk(days: Days) -> dict[date, set[tuple[str, str]]]:
    """Names that the sponsors of two trials or more exchanged on a day without a new version."""
    bulk: dict[date, set[tuple[str, str]]] = {}
    newest: dict[str, Record] = {}
    for day in sorted(days):
        pairs = [
            (_sponsor(newest[trial]), _sponsor(record))
            for trial, record in days[day].items()
            if trial in newest and _posted(newest[trial]) == _posted(record)
        ]
        bulk[day] = {pair for pair in pairs if pair[0] != pair[1] and pairs.count(pair) > 1}
        newest.update(days[day])
    return bulk


def _field_events(before: Record, after: Record, renamed: set[tuple[str, str]]) -> Iterator[Told]:
    sponsors = _sponsor(before), _sponsor(after)
    if sponsors[0] != sponsors[1]:
        is_same = sponsors[0].casefold() == sponsors[1].casefold()
        is_bulk = sponsors in renamed and _posted(before) == _posted(after)
        yield (
            ("SPONSOR_RENAMED", "P3", *sponsors)
            if is_same or is_bulk
            else ("SPONSOR_CHANGED", "P2", *sponsors)
        )
    was, now = (module(each, "designModule") for each in (before, after))
    if was.get("phases") != now.get("phases"):
        yield "PHASE_CHANGED", "P2", None, None
    info_was, info = (each.get("designInfo", {}) for each in (was, now))
    for name in DESIGN:
        if info_was.get(name) != info.get(name):
            yield "DESIGN_CHANGED", "P2", info_was.get(name), info.get(name)
    masks = tuple(each.get("maskingInfo", {}).get("masking") for each in (info_was, info))
    if masks[0] != masks[1]:
        yield "DESIGN_CHANGED", "P2", *masks
    people_was, people = (module(each, "eligibilityModule") for each in (before, after))
    for name in ("sex", "minimumAge", "maximumAge"):
        if people_was.get(name) != people.get(name):
            yield "ELIGIBILITY_CHANGED", "P2", people_was.get(name), people.get(name)
    if people_was.get("healthyVolunteers") != people.get("healthyVolunteers"):
        yield "ELIGIBILITY_CHANGED", "P2", None, None
    texts = [re.sub(r"[\s*\\]+", "", each.get("eligibilityCriteria", "")) for each in (people_was, people)]
    if texts[0] != texts[1]:
        yield "ELIGIBILITY_CRITERIA_CHANGED", "P3", None, None


def _rounds(record: Record) -> list[dict[str, Any]]:
    tracking = record.get("derivedSection", {}).get("miscInfoModule", {}).get("submissionTracking", {})
    return list(tracking.get("submissionInfos", []))


def _result_events(before: Record, after: Record) -> Iterator[Told]:
    if after.get("hasResults") and not before.get("hasResults"):
        yield "RESULTS_POSTED", "P2", None, None
        return
    was, now = _rounds(before), _rounds(after)
    if len(now) > len(was):
        yield "QC_RESUBMITTED" if was else "RESULTS_SUBMITTED", "P2", None, None
    if sum("resetDate" in each for each in now) > sum("resetDate" in each for each in was):
        yield "QC_RETURNED", "P2", None, None


def _is_overdue(record: Record, day: date) -> bool:
    if class_of(record) is None:
        return False
    return standing(record, day)[2] in ("OVERDUE", "OVERDUE_CANCELLED")


def _is_due_soon(record: Record, day: date) -> bool:
    """From 60 days before results are due until the day itself, while none have come."""
    done = completed_on(module(record, "statusModule"))
    if class_of(record) is None or done is None or record.get("hasResults"):
        return False
    status = module(record, "statusModule")
    if "resultsFirstSubmitDate" in status or any("releaseDate" in each for each in _rounds(record)):
        return False
    due = years_later(done, 3) if "dispFirstSubmitDate" in status else done + timedelta(365)
    return day >= due - timedelta(60)


def _clock_events(
    before: Record, after: Record, seen_yesterday: date | None, seen_on: date, day: date
) -> Iterator[Told]:
    """`seen_yesterday`: nothing where the trial was absent between; then it begins anew."""
    was_overdue = seen_yesterday is not None and _is_overdue(before, seen_on)
    is_overdue = _is_overdue(after, day)
    if is_overdue and not was_overdue:
        yield "RESULTS_OVERDUE", "P2", None, None
    if was_overdue and not is_overdue:
        yield "NO_LONGER_OVERDUE", "P2", None, None
    done = completed_on(module(after, "statusModule"))
    if done is None or not _is_due_soon(after, day) or _is_due_soon(before, seen_on):
        return
    due = standing(after, day)[0]
    if day <= due:
        yield "RESULTS_DUE_SOON", "P2", None, None
