"""Every line of the two reference trial pages is answered by one query on the published file.

A test is a row of the field tables (A1: NCT07144072, A2: NCT07146087, A3: in the record, on neither page) or
an anomaly worth a rule. Short values are the pages'. Long texts are read from the pages where these are at
hand; else they are those of the sample registry, which tells the same in other words.
"""

import json
import os
import re
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import duckdb
import pytest

from builders import MadeUpRegistry, Record, a_study, build_and_publish, home_of
from trialhouse.local_registry import reference_texts
from trialhouse.local_registry.generated import GeneratedRegistry
from trialhouse.local_registry.reference_trials import EXOSOME_TRIAL, FRAILTY_TRIAL, WHY_SUSPENDED
from trialhouse.settings import PROJECT
from trialhouse.sync import sync_day

PAGES = Path(os.environ.get("TRIALHOUSE_REAL_DATA", PROJECT.parent / "shared" / "data")) / "reference_pages"
PAGE_WIDE_INDENT = re.compile(r"(?m)^  (?=\d)")

# NCT07146087 is posted on the first of these days and suspended on the second.
POSTED, SUSPENDED = date(2025, 8, 28), date(2025, 8, 29)
# On which the generated registry's fortnight must end for that.
LAST_DAY = date(2025, 9, 10)

RELATED_TITLES = {
    "NCT01730547": "Mesenchymal Stem Cells for Multiple Sclerosis",
    "NCT02403947": "MEsenchymal StEm Cells for Multiple Sclerosis",
}

MULTIPLIED = "\N{MULTIPLICATION SIGN}"

Row = tuple[Any, ...]
Words = dict[str, str]


def between(page: str, start: str, end: str) -> str:
    """What a page shows after the line `start` and before the next line `end`."""
    return page.split(f"\n{start}\n", 1)[1].split(f"\n{end}\n", 1)[0].strip("\n")


def criteria(page: str, inclusion: str, exclusion: str, end: str) -> str:
    """Both lists under the registry's headings; the page indents all items by two, which goes."""
    included, excluded = between(page, inclusion, exclusion), between(page, exclusion, end)
    whole = f"Inclusion Criteria:\n\n{included}\n\nExclusion Criteria:\n\n{excluded}"
    return PAGE_WIDE_INDENT.sub("", whole)


def words_of_pages() -> Words:
    frailty = (PAGES / f"{FRAILTY_TRIAL}.txt").read_text()
    exosome = (PAGES / f"{EXOSOME_TRIAL}.txt").read_text()
    return {
        "frailty_summary": between(frailty, "About", "Full description"),
        "frailty_description": between(frailty, "Full description", "Enrollment"),
        "frailty_arm": between(frailty, "Description:", "Treatment:"),
        "frailty_criteria": criteria(frailty, "Inclusion criteria", "Exclusion criteria", "Trial design"),
        "exosome_summary": between(exosome, "Brief Summary", "Detailed Description").split("\n\n", 1)[1],
        "exosome_arm": between(exosome, "MSC-Derived Exosomes", "Group Type EXPERIMENTAL"),
        "saline_arm": between(exosome, "Normal Saline", "Group Type PLACEBO_COMPARATOR"),
        "exosome_product": between(exosome, "Intervention Type BIOLOGICAL", "Normal Saline"),
        "saline_product": between(
            exosome, "Placebo (Normal Saline)\n\nIntervention Type BIOLOGICAL", "Interventions"
        ),
        "exosome_criteria": criteria(
            exosome, "Inclusion Criteria", "Exclusion Criteria", "Minimum Eligible Age"
        ),
    }


def words_of_sample_registry() -> Words:
    markdown = {
        "frailty_summary": reference_texts.FRAILTY_SUMMARY,
        "frailty_description": reference_texts.FRAILTY_DESCRIPTION,
        "frailty_arm": reference_texts.FRAILTY_ARM,
        "frailty_criteria": reference_texts.FRAILTY_CRITERIA,
        "exosome_summary": reference_texts.EXOSOME_SUMMARY,
        "exosome_arm": reference_texts.EXOSOME_ARM,
        "saline_arm": reference_texts.SALINE_ARM,
        "exosome_product": reference_texts.EXOSOME_PRODUCT,
        "saline_product": reference_texts.SALINE_PRODUCT,
        "exosome_criteria": reference_texts.EXOSOME_CRITERIA,
    }
    return {
        name: re.sub(r"(?m)^\* ", "• ", text.replace(r"\<", "<").replace(r"\>", ">"))
        for name, text in markdown.items()
    }


def as_registry_writes(shown: str) -> str:
    return re.sub(r"(?m)^• ", "* ", shown.replace("<", r"\<").replace(">", r"\>"))


def told_in(record: Record, words: Words) -> Record:
    """A reference trial with those long texts, and with the last update its page gives."""
    section = record["protocolSection"]
    nct_id = section["identificationModule"]["nctId"]
    if nct_id not in (FRAILTY_TRIAL, EXOSOME_TRIAL):
        return record
    name = "frailty" if nct_id == FRAILTY_TRIAL else "exosome"
    given = {key: as_registry_writes(shown) for key, shown in words.items()}
    treatment = section["armsInterventionsModule"]
    section["descriptionModule"]["briefSummary"] = given[f"{name}_summary"]
    section["eligibilityModule"]["eligibilityCriteria"] = given[f"{name}_criteria"]
    treatment["armGroups"][0]["description"] = given[f"{name}_arm"]
    if nct_id == FRAILTY_TRIAL:
        section["descriptionModule"]["detailedDescription"] = given["frailty_description"]
    else:
        treatment["armGroups"][1]["description"] = given["saline_arm"]
        treatment["interventions"][0]["description"] = given["exosome_product"]
        treatment["interventions"][1]["description"] = given["saline_product"]
        section["statusModule"]["lastUpdatePostDateStruct"]["date"] = "2025-08-28"
    return record


def a_related_trial(nct_id: str, status: str) -> Record:
    """Title, status and phases as the page of NCT07146087 has them; the rest is made up."""
    return a_study(
        nct_id,
        identificationModule__briefTitle=RELATED_TITLES[nct_id],
        statusModule__overallStatus=status,
        designModule__phases=["PHASE1", "PHASE2"],
        conditionsModule__conditions=["Multiple Sclerosis"],
        armsInterventionsModule__interventions=[{"type": "BIOLOGICAL", "name": "Autologous stem cells"}],
    )


RELATED = [a_related_trial("NCT01730547", "COMPLETED"), a_related_trial("NCT02403947", "TERMINATED")]


def a_registry(words: Words) -> MadeUpRegistry:
    """Two days of the generated registry, and the two trials that a page names as related."""
    generated = GeneratedRegistry(size=40, days=10, last_day=LAST_DAY)
    generated_by_day = {
        day: [json.loads(generated.study(day, nct_id) or "") for nct_id in generated.nct_ids(day)]
        for day in (POSTED, SUSPENDED)
    }
    return MadeUpRegistry(
        {
            day: [*(told_in(record, words) for record in records), *RELATED]
            for day, records in generated_by_day.items()
        }
    )


@pytest.fixture(scope="module")
def words() -> Words:
    """The long texts, as plain as a page shows them."""
    return words_of_pages() if PAGES.exists() else words_of_sample_registry()


class PublishedFile:
    """Asks one query at a time; `$nct_id` in it is the trial."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self._connection = connection

    def rows(self, query: str, nct_id: str | None = None) -> list[Row]:
        return self._connection.execute(query, {"nct_id": nct_id} if nct_id else None).fetchall()

    def row(self, query: str, nct_id: str) -> Row:
        (only,) = self.rows(query, nct_id)
        return only

    def of(self, nct_id: str, mart: str, columns: str) -> Row:
        """Columns of the trial's only row in a mart."""
        return self.row(f"select {columns} from marts.{mart} where nct_id = $nct_id", nct_id)


@pytest.fixture(scope="module")
def published(words: Words, tmp_path_factory: pytest.TempPathFactory) -> Iterator[PublishedFile]:
    with home_of(a_registry(words), tmp_path_factory.mktemp("pages")) as settings:
        for day in (POSTED, SUSPENDED):
            sync_day(settings, day)
        build_and_publish(settings, SUSPENDED)
        with duckdb.connect(str(settings.published_file), read_only=True) as connection:
            yield PublishedFile(connection)


def items_of(shown: str) -> list[tuple[str, list[str]]]:
    """Numbered lines and the indented numbered lines below each."""
    items: list[tuple[str, list[str]]] = []
    for indent, text in re.findall(r"(?m)^( *)\d+\. (.+)$", shown):
        if indent:
            items[-1][1].append(text)
        else:
            items.append((text, []))
    return items


def preamble_of(shown: str) -> str:
    """What stands between the heading and the first number."""
    (found,) = re.findall(r"\A\n*(\S.*?)\n+1\. ", shown, re.DOTALL)
    return str(found)


def asked_criteria(published: PublishedFile, kind: str, nct_id: str) -> tuple[str | None, Any]:
    preamble, items = published.row(
        f"""
        select
            {kind}_preamble,
            [(criterion.text, [below.text for below in criterion.items]) for criterion in {kind}_criteria]
        from marts.rpt_trial_profile
        where nct_id = $nct_id
        """,
        nct_id,
    )
    return preamble, items


# ---------- A1: NCT07144072


def test_a1_title(published: PublishedFile) -> None:
    """Title: the short one; the record has no official one."""
    assert published.row(
        "select brief_title, official_title from marts.dim_trials where nct_id = $nct_id", FRAILTY_TRIAL
    ) == (
        "Safety and Tolerability Study of Mesenchymal Stem Cells, HeXell-2020, in Elderly Subjects With Mild"
        " to Moderate Frailty Syndrome",
        None,
    )


def test_a1_sponsor(published: PublishedFile) -> None:
    """Sponsor: the record's spelling and the canonical one."""
    query = """
        select links.sponsor_name, sponsors.sponsor_name
        from marts.fct_trial_sponsors as links
        join marts.dim_sponsors as sponsors using (sponsor_key)
        where links.nct_id = $nct_id and links.sponsor_role = 'lead'
    """
    name = "Hexun Biosciences Co., LTD."
    assert published.row(query, FRAILTY_TRIAL) == (name, name)


def test_a1_status_in_plain_words(published: PublishedFile) -> None:
    """Status, plain words: code and label."""
    assert published.of(FRAILTY_TRIAL, "dim_trials", "overall_status, overall_status_plain_label") == (
        "NOT_YET_RECRUITING",
        "Not yet enrolling",
    )


def test_a1_phase(published: PublishedFile) -> None:
    """Phase: a list of codes, and a label."""
    assert published.of(FRAILTY_TRIAL, "dim_trials", "phases, phase_label") == (["PHASE1"], "Phase 1")


def test_a1_conditions(published: PublishedFile) -> None:
    """Conditions: the registry's words and the MeSH term."""
    query = """
        select trials.conditions, list(terms.mesh_id), list(terms.mesh_term)
        from marts.dim_trials as trials
        join marts.fct_trial_mesh_terms as terms using (nct_id)
        where nct_id = $nct_id and terms.subject = 'CONDITION' and terms.relation = 'TERM'
        group by trials.conditions
    """
    assert published.row(query, FRAILTY_TRIAL) == (["Frailty in Older Adults"], ["D000073496"], ["Frailty"])


def test_a1_treatments(published: PublishedFile) -> None:
    """Treatments: type and name."""
    assert published.of(FRAILTY_TRIAL, "rpt_trial_profile", "treatment_names") == (["Drug: HeXell-2020"],)


def test_a1_study_type(published: PublishedFile) -> None:
    """Study type."""
    assert published.of(FRAILTY_TRIAL, "rpt_trial_profile", "study_type_label") == ("Interventional",)


def test_a1_funder_types(published: PublishedFile) -> None:
    """Funder types: classes of lead sponsor and collaborators."""
    assert published.of(FRAILTY_TRIAL, "rpt_trial_profile", "funder_types") == (["Industry"],)


def test_a1_identifiers(published: PublishedFile) -> None:
    """Identifiers: NCT id and the sponsor's."""
    assert published.of(
        FRAILTY_TRIAL, "rpt_trial_profile", "nct_id, [known.identifier for known in identifiers]"
    ) == (FRAILTY_TRIAL, ["HeXell-2020-FS-001"])


def test_a1_about(published: PublishedFile, words: Words) -> None:
    """About: two paragraphs."""
    (about,) = published.of(FRAILTY_TRIAL, "rpt_trial_profile", "about")
    assert about == words["frailty_summary"]
    assert len(about.split("\n\n")) == 2


def test_a1_full_description(published: PublishedFile, words: Words) -> None:
    """Full description: five paragraphs, numbers and signs as given."""
    (description,) = published.of(FRAILTY_TRIAL, "rpt_trial_profile", "full_description")
    assert description == words["frailty_description"]
    assert len(description.split("\n\n")) == 5
    assert "(1.5 x 10e6, 1.5 x 10⁷, 7.5 x 10⁷ cells/kg/dose)" in description.replace(MULTIPLIED, "x")


def test_a1_enrollment(published: PublishedFile) -> None:
    """Enrollment: how many, and that it is an estimate."""
    query = """
        select trials.enrollment_count, trials.enrollment_type, pages.enrollment_sentence
        from marts.dim_trials as trials
        join marts.rpt_trial_profile as pages using (nct_id)
        where nct_id = $nct_id
    """
    assert published.row(query, FRAILTY_TRIAL) == (12, "ESTIMATED", "12 estimated participants")


def test_a1_sex(published: PublishedFile) -> None:
    """Sex."""
    assert published.of(FRAILTY_TRIAL, "rpt_trial_profile", "sex_label") == ("All",)


def test_a1_ages(published: PublishedFile) -> None:
    """Ages: a phrase, the texts and days."""
    query = """
        select
            pages.ages_sentence,
            trials.minimum_age_text,
            trials.maximum_age_text,
            trials.minimum_age_days,
            trials.maximum_age_days
        from marts.dim_trials as trials
        join marts.rpt_trial_profile as pages using (nct_id)
        where nct_id = $nct_id
    """
    expected = ("60 to 85 years old", "60 Years", "85 Years", 60 * 365.25, 85 * 365.25)
    assert published.row(query, FRAILTY_TRIAL) == expected


def test_a1_volunteers(published: PublishedFile) -> None:
    """Volunteers."""
    assert published.of(FRAILTY_TRIAL, "rpt_trial_profile", "volunteers_sentence") == (
        "No Healthy Volunteers",
    )


def test_a1_inclusion_criteria(published: PublishedFile, words: Words) -> None:
    """Inclusion criteria: 5 numbered items, preamble "ALL" apart."""
    preamble, items = asked_criteria(published, "inclusion", FRAILTY_TRIAL)
    part, _ = words["frailty_criteria"].removeprefix("Inclusion Criteria:").split("Exclusion Criteria:")
    assert items == items_of(part)
    assert [len(below) for _, below in items] == [0] * 5
    assert preamble == preamble_of(part)
    assert " ALL " in preamble


def test_a1_exclusion_criteria(published: PublishedFile, words: Words) -> None:
    """Exclusion criteria: 16 items, 2 nested sub-lists, preamble "ANY" apart."""
    preamble, items = asked_criteria(published, "exclusion", FRAILTY_TRIAL)
    _, part = words["frailty_criteria"].split("Exclusion Criteria:")
    assert items == items_of(part)
    assert {place: len(below) for place, (_, below) in enumerate(items, 1) if below} == {4: 4, 14: 4}
    assert len(items) == 16
    assert preamble == preamble_of(part)
    assert " ANY " in preamble


def test_a1_criteria_as_rows_keep_kind_depth_and_order(published: PublishedFile) -> None:
    """Inclusion and exclusion criteria as rows: kind, role, depth, how many, first and last place."""
    query = """
        select criterion_kind, criterion_role, depth, count(*), first(item_path), last(item_path)
        from (from marts.fct_trial_criteria where nct_id = $nct_id order by criterion_number)
        where criterion_role <> 'HEADING'
        group by all
        order by min(criterion_number)
    """
    assert published.rows(query, FRAILTY_TRIAL) == [
        ("INCLUSION", "PREAMBLE", 1, 1, None, None),
        ("INCLUSION", "ITEM", 1, 5, "1", "5"),
        ("EXCLUSION", "PREAMBLE", 1, 1, None, None),
        ("EXCLUSION", "ITEM", 1, 16, "1", "16"),
        ("EXCLUSION", "ITEM", 2, 8, "4.1", "14.4"),
    ]


def test_a1_primary_purpose(published: PublishedFile) -> None:
    """Primary purpose."""
    assert published.of(FRAILTY_TRIAL, "rpt_trial_profile", "primary_purpose_label") == ("Treatment",)


def test_a1_allocation(published: PublishedFile) -> None:
    """Allocation."""
    assert published.of(FRAILTY_TRIAL, "rpt_trial_profile", "allocation_label") == ("N/A",)


def test_a1_interventional_model(published: PublishedFile) -> None:
    """Interventional model."""
    assert published.of(FRAILTY_TRIAL, "rpt_trial_profile", "intervention_model_label") == (
        "Sequential Assignment",
    )


def test_a1_masking(published: PublishedFile) -> None:
    """Masking."""
    assert published.of(FRAILTY_TRIAL, "rpt_trial_profile", "masking_label") == ("None (Open label)",)


def test_a1_participants_in_patient_groups(published: PublishedFile) -> None:
    """12 participants in 1 patient group: the sentence, and the number of arms."""
    query = """
        select pages.groups_sentence, trials.arms_count
        from marts.rpt_trial_profile as pages
        join marts.dim_trials as trials using (nct_id)
        where nct_id = $nct_id
    """
    assert published.row(query, FRAILTY_TRIAL) == ("12 participants in 1 patient group", 1)


def test_a1_arm_card(published: PublishedFile, words: Words) -> None:
    """Arm card: label, kind, description, treatment."""
    query = """
        select
            arm.arm_label,
            arm.type_label,
            arm.description,
            [treatment.type_label || ': ' || treatment.intervention_name for treatment in arm.treatments]
        from (select unnest(arms) as arm from marts.rpt_trial_profile where nct_id = $nct_id)
    """
    expected = (
        "Cell Drug:HeXell-2020",
        "Experimental group",
        words["frailty_arm"],
        ["Drug: HeXell-2020"],
    )
    assert published.row(query, FRAILTY_TRIAL) == expected


def test_a1_trial_locations(published: PublishedFile) -> None:
    """Trial contacts and locations: 0."""
    assert published.of(FRAILTY_TRIAL, "rpt_trial_profile", "sites_count, sites_sentence") == (
        0,
        "0 trial locations",
    )


def test_a1_central_contact_names(published: PublishedFile) -> None:
    """Central contact names: in the restricted schema."""
    query = """
        select contact_name
        from personal.fct_trial_contacts
        where nct_id = $nct_id and contact_kind = 'CENTRAL'
        order by contact_number
    """
    assert published.rows(query, FRAILTY_TRIAL) == [("Simon Huang, Dr.",), ("Wannhsin Chen, Dr.",)]


def test_a1_contact_names_are_in_no_mart(published: PublishedFile) -> None:
    """Central contact names: the page's own mart among all others has none of them."""
    marts = published.rows("select table_name from information_schema.tables where table_schema = 'marts'")
    assert ("rpt_trial_profile",) in marts
    naming = [
        name
        for (name,) in marts
        if published.rows(
            f"""
            select 1 from marts.{name} as mart
            where regexp_matches(cast(to_json(mart) as varchar), 'Simon Huang|Wannhsin Chen')
            """
        )
    ]
    assert naming == []


def test_a1_data_source(published: PublishedFile) -> None:
    """Data sourced from clinicaltrials.gov: attribution, link, and the registry's data version."""
    assert published.of(
        FRAILTY_TRIAL, "rpt_trial_profile", "attribution, registry_url, snapshot_date, data_timestamp"
    ) == (
        "Data sourced from clinicaltrials.gov",
        "https://clinicaltrials.gov/study/NCT07144072",
        SUSPENDED,
        datetime(2025, 8, 29, 9, 0, 5),
    )


def test_a1_find_trials(published: PublishedFile) -> None:
    """Find trials: by condition, age and what one may still join."""
    query = """
        select nct_id
        from marts.dim_trials
        where
            array_to_string(conditions, ' ') ilike '%frailty%'
            and 70 * 365.25 between minimum_age_days and maximum_age_days
            and overall_status in ('NOT_YET_RECRUITING', 'RECRUITING')
    """
    assert published.rows(query) == [(FRAILTY_TRIAL,)]


def test_a1_trials_by_location(published: PublishedFile) -> None:
    """Trials by location: sites within 10 km of the centre of Warsaw."""
    query = """
        select distinct nct_id
        from marts.fct_trial_sites
        where 12742 * asin(sqrt(
            pow(sin(radians(latitude - 52.2319) / 2), 2)
            + cos(radians(latitude)) * cos(radians(52.2319)) * pow(sin(radians(longitude - 21.0067) / 2), 2)
        )) < 10
    """
    found = published.rows(query)
    assert (EXOSOME_TRIAL,) in found
    assert (FRAILTY_TRIAL,) not in found


def test_a1_what_the_page_leaves_out(published: PublishedFile) -> None:
    """Absent: dates, outcomes, history, results flag, last update, collaborators, MeSH."""
    query = """
        select
            pages.start_date_text || ' ' || pages.start_date_type_label,
            pages.primary_completion_date_text || ' ' || pages.primary_completion_date_type_label,
            pages.completion_date_text || ' ' || pages.completion_date_type_label,
            [outcome.measure for outcome in pages.outcomes],
            (select count(*) from marts.fct_status_history where nct_id = pages.nct_id),
            pages.results_status,
            pages.last_update_posted_on,
            [known.sponsor_name for known in pages.sponsors if known.sponsor_role = 'collaborator'],
            (select list(mesh_term) from marts.fct_trial_mesh_terms where nct_id = pages.nct_id)
        from marts.rpt_trial_profile as pages
        where nct_id = $nct_id
    """
    assert published.row(query, FRAILTY_TRIAL) == (
        "2025-12-01 estimated",
        "2027-06-30 estimated",
        "2027-12-31 estimated",
        ["Number of participants with adverse events"],
        1,
        "NOT_DUE",
        date(2025, 8, 27),
        [],
        ["Frailty"],
    )


# ---------- A2: NCT07146087


def test_a2_title_and_nct_id(published: PublishedFile) -> None:
    """Title / NCT ID."""
    title = "Allogeneic Mesenchymal Stem Cell-Derived Exosome Therapy for Progressive Multiple Sclerosis"
    assert published.of(EXOSOME_TRIAL, "rpt_trial_profile", "nct_id, title") == (EXOSOME_TRIAL, title)


def test_a2_last_updated(published: PublishedFile) -> None:
    """Last Updated: the post date; submission and quality control are apart from it."""
    first = date(2025, 8, 22)
    assert published.of(
        EXOSOME_TRIAL,
        "dim_trials",
        "last_update_posted_on, last_update_submitted_on, first_submitted_on, first_submitted_qc_on",
    ) == (date(2025, 8, 28), date(2025, 8, 27), first, first)


def test_a2_study_results(published: PublishedFile) -> None:
    """Study Results: pending, because they are not due."""
    assert published.of(EXOSOME_TRIAL, "rpt_trial_profile", "results_sentence, results_status") == (
        "Results pending",
        "NOT_DUE",
    )


def test_a2_recruitment_status(published: PublishedFile) -> None:
    """Recruitment Status: the code, and since when and from what."""
    query = """
        select trials.overall_status, history.previous_status, history.status_from, history.is_start_observed
        from marts.dim_trials as trials
        join marts.fct_status_history as history using (nct_id)
        where nct_id = $nct_id and history.is_current
    """
    assert published.row(query, EXOSOME_TRIAL) == ("SUSPENDED", "RECRUITING", SUSPENDED, True)


def test_a2_why_stopped(published: PublishedFile) -> None:
    """(missing) why stopped: with the trial, and with the event that raises the alert."""
    query = """
        select trials.why_stopped, events.why_stopped, events.severity
        from marts.dim_trials as trials
        join marts.fct_trial_events as events using (nct_id)
        where nct_id = $nct_id and events.event_type = 'STATUS_SUSPENDED'
    """
    assert published.row(query, EXOSOME_TRIAL) == (WHY_SUSPENDED, WHY_SUSPENDED, "P1")


def test_a2_clinical_phase(published: PublishedFile) -> None:
    """Clinical Phase: not equal to PHASE1."""
    assert published.of(EXOSOME_TRIAL, "dim_trials", "phases, phase_label") == (
        ["EARLY_PHASE1"],
        "Early Phase 1",
    )


def test_a2_total_enrollment(published: PublishedFile) -> None:
    """Total Enrollment: with the type that the page drops."""
    assert published.of(EXOSOME_TRIAL, "dim_trials", "enrollment_count, enrollment_type") == (20, "ESTIMATED")


def test_a2_study_classification(published: PublishedFile) -> None:
    """Study Classification."""
    assert published.of(EXOSOME_TRIAL, "dim_trials", "study_type") == ("INTERVENTIONAL",)


def test_a2_study_start(published: PublishedFile) -> None:
    """Study Start: with precision and with the type that the page drops."""
    assert published.of(
        EXOSOME_TRIAL, "dim_trials", "start_date_text, start_date, start_date_precision, start_date_type"
    ) == ("2020-07-01", date(2020, 7, 1), "day", "ACTUAL")


def test_a2_study_completion(published: PublishedFile) -> None:
    """Study Completion."""
    assert published.of(
        EXOSOME_TRIAL,
        "dim_trials",
        "completion_date_text, completion_date, completion_date_precision, completion_date_type",
    ) == ("2027-12-31", date(2027, 12, 31), "day", "ESTIMATED")


def test_a2_primary_completion(published: PublishedFile) -> None:
    """(missing) primary completion."""
    assert published.of(
        EXOSOME_TRIAL,
        "dim_trials",
        "primary_completion_date, primary_completion_date_precision, primary_completion_date_type",
    ) == (date(2027, 6, 30), "day", "ESTIMATED")


def test_a2_brief_summary_and_empty_description(published: PublishedFile, words: Words) -> None:
    """Brief Summary / Detailed (empty)."""
    assert published.of(EXOSOME_TRIAL, "rpt_trial_profile", "about, full_description") == (
        words["exosome_summary"],
        None,
    )


def test_a2_conditions(published: PublishedFile) -> None:
    """Conditions."""
    assert published.of(EXOSOME_TRIAL, "rpt_trial_profile", "conditions") == (["Multiple Sclerosis"],)


def test_a2_allocation_model_and_purpose(published: PublishedFile) -> None:
    """Allocation / Model / Purpose."""
    assert published.of(EXOSOME_TRIAL, "dim_trials", "allocation, intervention_model, primary_purpose") == (
        "RANDOMIZED",
        "SINGLE_GROUP",
        "OTHER",
    )


def test_a2_blinding_and_who(published: PublishedFile) -> None:
    """Blinding + who."""
    query = """
        select trials.masking, trials.who_masked, pages.who_masked_labels
        from marts.dim_trials as trials
        join marts.rpt_trial_profile as pages using (nct_id)
        where nct_id = $nct_id
    """
    assert published.row(query, EXOSOME_TRIAL) == (
        "TRIPLE",
        ["PARTICIPANT", "CARE_PROVIDER", "INVESTIGATOR"],
        ["Participant", "Care provider", "Investigator"],
    )


def test_a2_study_groups(published: PublishedFile, words: Words) -> None:
    """Study Groups: type and description of each, with its interventions."""
    query = """
        select
            arms.arm_label,
            arms.arm_type,
            arms.arm_description,
            list((treatments.intervention_type, treatments.intervention_name))
        from marts.fct_trial_arms as arms
        join marts.fct_trial_interventions as treatments
            on arms.nct_id = treatments.nct_id
            and list_contains(arms.intervention_numbers, treatments.intervention_number)
        where arms.nct_id = $nct_id
        group by arms.arm_number, arms.arm_label, arms.arm_type, arms.arm_description
        order by arms.arm_number
    """
    saline = [("BIOLOGICAL", "Placebo (Normal Saline)")]
    exosomes = [("BIOLOGICAL", "MSC-Derived Exosomes")]
    assert published.rows(query, EXOSOME_TRIAL) == [
        ("MSC-Derived Exosomes", "EXPERIMENTAL", words["exosome_arm"], exosomes),
        ("Normal Saline", "PLACEBO_COMPARATOR", words["saline_arm"], saline),
    ]


def test_a2_interventions(published: PublishedFile, words: Words) -> None:
    """Interventions: 2 x BIOLOGICAL with descriptions; other names there are none."""
    query = """
        select intervention_type, intervention_name, intervention_description, other_names
        from marts.fct_trial_interventions
        where nct_id = $nct_id
        order by intervention_number
    """
    assert published.rows(query, EXOSOME_TRIAL) == [
        ("BIOLOGICAL", "MSC-Derived Exosomes", words["exosome_product"], None),
        ("BIOLOGICAL", "Placebo (Normal Saline)", words["saline_product"], None),
    ]


@pytest.mark.parametrize("kind", ["inclusion", "exclusion"])
def test_a2_inclusion_and_exclusion(published: PublishedFile, words: Words, kind: str) -> None:
    """Inclusion 3 / exclusion 3."""
    preamble, items = asked_criteria(published, kind, EXOSOME_TRIAL)
    parts = words["exosome_criteria"].split("Exclusion Criteria:")
    assert items == items_of(parts[kind == "exclusion"])
    assert (preamble, len(items)) == (None, 3)


def test_a2_ages_sex_and_healthy(published: PublishedFile) -> None:
    """Min / max age, sex, healthy."""
    expected = ("18 Years", "65 Years", "ALL", False, ["ADULT", "OLDER_ADULT"])
    assert (
        published.of(
            EXOSOME_TRIAL,
            "dim_trials",
            "minimum_age_text, maximum_age_text, sex, accepts_healthy_volunteers, standard_ages",
        )
        == expected
    )


def test_a2_sponsor_class_and_role(published: PublishedFile) -> None:
    """Sponsor + class + role: the only one."""
    assert published.of(EXOSOME_TRIAL, "fct_trial_sponsors", "sponsor_name, sponsor_class, sponsor_role") == (
        "Biocells Medical",
        "INDUSTRY",
        "lead",
    )


def test_a2_responsible_party(published: PublishedFile) -> None:
    """Responsible Party: name, title, role."""
    expected = ("Andrei Peskau", "Specialist in regenerative medicine", "PRINCIPAL_INVESTIGATOR")
    assert (
        published.of(
            EXOSOME_TRIAL,
            "dim_trials",
            "responsible_party_name, responsible_party_title, responsible_party_type",
        )
        == expected
    )


def test_a2_location(published: PublishedFile) -> None:
    """Location: facility and place."""
    expected = ("Biocells Medical", "Warsaw", None, None, "Poland", 52.22977, 21.01178)
    assert (
        published.of(
            EXOSOME_TRIAL, "fct_trial_sites", "facility, city, state, zip, country, latitude, longitude"
        )
        == expected
    )


def test_a2_site_status(published: PublishedFile) -> None:
    """Site Status: empty, which is not closed; the site is listed all the same."""
    query = """
        select sites.site_status, trials.sites_count
        from marts.fct_trial_sites as sites
        join marts.dim_trials as trials using (nct_id)
        where nct_id = $nct_id
    """
    assert published.row(query, EXOSOME_TRIAL) == (None, 1)


def test_a2_countries(published: PublishedFile) -> None:
    """Countries "active or historical"."""
    assert published.of(EXOSOME_TRIAL, "fct_trial_countries", "country, is_removed") == ("Poland", False)


def test_a2_other_identifiers(published: PublishedFile) -> None:
    """Other Identifiers: source org_study_id, type "-"."""
    assert published.of(
        EXOSOME_TRIAL, "fct_trial_identifiers", "identifier, identifier_type, lower(identifier_source)"
    ) == ("Bio120002", None, "org_study_id")


def test_a2_more_related_trials(published: PublishedFile) -> None:
    """More Related Trials by similarity: the two that the page names come first."""
    query = """
        select near.nct_id, near.brief_title, near.status_label, near.phase_label, near.is_stopped
        from (
            select unnest(similar_trials[:2]) as near from marts.rpt_trial_profile where nct_id = $nct_id
        )
    """
    completed, terminated = RELATED_TITLES.items()
    assert published.rows(query, EXOSOME_TRIAL) == [
        (*completed, "Completed", "Phase 1/Phase 2", False),
        (*terminated, "Stopped early", "Phase 1/Phase 2", True),
    ]


@pytest.mark.parametrize("nct_id", [FRAILTY_TRIAL, EXOSOME_TRIAL])
def test_a2_related_trials_have_score_reasons_and_a_mark_if_stopped(
    published: PublishedFile, nct_id: str
) -> None:
    """More Related Trials by similarity: top_k, score, method."""
    query = """
        select near.similar_rank, near.score, near.reasons, near.is_similar_stopped, others.overall_status
        from marts.rpt_similar_trials as near
        join marts.dim_trials as others on near.similar_nct_id = others.nct_id
        where near.nct_id = $nct_id
        order by near.similar_rank
    """
    found = published.rows(query, nct_id)
    ranks, scores, reasons, marks, statuses = zip(*found, strict=True)
    assert ranks == tuple(range(1, len(found) + 1))
    assert 3 <= len(found) <= 10
    assert all(0 < score <= 1 for score in scores)
    assert scores == tuple(sorted(scores, reverse=True))
    assert all(reasons)
    assert marks == tuple(status in ("SUSPENDED", "TERMINATED", "WITHDRAWN") for status in statuses)
    assert True in marks


# ---------- A3: in the record, on neither page


@pytest.mark.parametrize("nct_id", [FRAILTY_TRIAL, EXOSOME_TRIAL])
def test_a3_status_verified_date(published: PublishedFile, nct_id: str) -> None:
    """statusVerifiedDate: a month stays a month."""
    columns = "status_verified_date_text, status_verified_date, status_verified_date_precision"
    assert published.of(nct_id, "dim_trials", columns) == ("2025-08", date(2025, 8, 1), "month")


def test_a3_why_stopped(published: PublishedFile) -> None:
    """whyStopped: one trial gives a reason, the other has nothing to give one for."""
    query = """
        select list(why_stopped order by nct_id)
        from marts.rpt_trial_profile
        where nct_id in ('NCT07144072', $nct_id)
    """
    assert published.row(query, EXOSOME_TRIAL) == ([None, WHY_SUSPENDED],)


@pytest.mark.parametrize("nct_id", [FRAILTY_TRIAL, EXOSOME_TRIAL])
def test_a3_expanded_access(published: PublishedFile, nct_id: str) -> None:
    """expandedAccessInfo: it says no, which is more than nothing."""
    assert published.of(
        nct_id, "dim_trials", "has_expanded_access, expanded_access_nct_id, expanded_access_status"
    ) == (False, None, None)


@pytest.mark.parametrize(
    ("nct_id", "submitted"), [(FRAILTY_TRIAL, date(2025, 8, 21)), (EXOSOME_TRIAL, date(2025, 8, 22))]
)
def test_a3_first_submit_date(published: PublishedFile, nct_id: str, submitted: date) -> None:
    """studyFirstSubmitDate."""
    assert published.of(nct_id, "dim_trials", "first_submitted_on") == (submitted,)


@pytest.mark.parametrize(
    ("nct_id", "checked"), [(FRAILTY_TRIAL, date(2025, 8, 21)), (EXOSOME_TRIAL, date(2025, 8, 22))]
)
def test_a3_first_submit_qc_date(published: PublishedFile, nct_id: str, checked: date) -> None:
    """studyFirstSubmitQcDate."""
    assert published.of(nct_id, "dim_trials", "first_submitted_qc_on") == (checked,)


@pytest.mark.parametrize(
    ("nct_id", "posted"), [(FRAILTY_TRIAL, date(2025, 8, 27)), (EXOSOME_TRIAL, date(2025, 8, 28))]
)
def test_a3_first_post_date(published: PublishedFile, nct_id: str, posted: date) -> None:
    """studyFirstPostDateStruct."""
    assert published.of(nct_id, "dim_trials", "first_posted_on, first_posted_on_type") == (posted, "ACTUAL")


@pytest.mark.parametrize(
    ("nct_id", "submitted"), [(FRAILTY_TRIAL, date(2025, 8, 21)), (EXOSOME_TRIAL, date(2025, 8, 27))]
)
def test_a3_last_update_submit_date(published: PublishedFile, nct_id: str, submitted: date) -> None:
    """lastUpdateSubmitDate."""
    assert published.of(nct_id, "dim_trials", "last_update_submitted_on") == (submitted,)


def test_a3_outcomes(published: PublishedFile) -> None:
    """outcomesModule: measure, description and time frame, primary ones first."""
    query = """
        select outcome_type, outcome_number, measure, outcome_description, time_frame
        from marts.fct_planned_outcomes
        where nct_id = $nct_id
        order by outcome_type, outcome_number
    """
    assert published.rows(query, EXOSOME_TRIAL) == [
        ("PRIMARY", 1, "Change from baseline in EDSS score", None, "Baseline, week 48"),
        ("SECONDARY", 1, "New or enlarging lesions on MRI", None, "Baseline, week 48"),
    ]


@pytest.mark.parametrize(("nct_id", "version"), [(FRAILTY_TRIAL, POSTED), (EXOSOME_TRIAL, SUSPENDED)])
def test_a3_version_holder(published: PublishedFile, nct_id: str, version: date) -> None:
    """miscInfoModule.versionHolder: of the day on which this content was first read."""
    assert published.of(nct_id, "dim_trials", "version_holder_date") == (version,)


def test_a3_condition_meshes(published: PublishedFile) -> None:
    """conditionBrowseModule.meshes."""
    expected = ("CONDITION", "TERM", "D009103", "Multiple Sclerosis")
    assert (
        published.of(EXOSOME_TRIAL, "fct_trial_mesh_terms", "subject, relation, mesh_id, mesh_term")
        == expected
    )


# ---------- anomalies worth a rule: the facts that it needs


def test_a1_anomaly_no_site(published: PublishedFile) -> None:
    """0 sites: a number, not a gap."""
    query = "select nct_id from marts.dim_trials where sites_count = 0 and nct_id in ('NCT07146087', $nct_id)"
    assert published.row(query, FRAILTY_TRIAL) == (FRAILTY_TRIAL,)


def test_a1_anomaly_one_arm_describes_two_cohorts(published: PublishedFile) -> None:
    """One arm describing two cohorts."""
    query = """
        select trials.arms_count, len(list_distinct(regexp_extract_all(arms.arm_description, 'Cohort \\d')))
        from marts.dim_trials as trials
        join marts.fct_trial_arms as arms using (nct_id)
        where nct_id = $nct_id
    """
    assert published.row(query, FRAILTY_TRIAL) == (1, 2)


def test_a1_anomaly_allocation_does_not_apply_to_a_sequential_arm(published: PublishedFile) -> None:
    """Allocation NA + SEQUENTIAL + 1 arm: the code NA is there, it is not NULL."""
    assert published.of(FRAILTY_TRIAL, "dim_trials", "allocation, intervention_model, arms_count") == (
        "NA",
        "SEQUENTIAL",
        1,
    )


def test_a1_anomaly_separator_in_an_arm_label(published: PublishedFile) -> None:
    """Arm label contains the `Type:` separator: the arm is linked to the drug all the same."""
    query = """
        select
            arms.arm_label,
            treatments.intervention_type,
            treatments.intervention_name,
            treatments.arm_labels
        from marts.fct_trial_arms as arms
        join marts.fct_trial_interventions as treatments
            on arms.nct_id = treatments.nct_id
            and list_contains(arms.intervention_numbers, treatments.intervention_number)
            and list_contains(treatments.arm_numbers, arms.arm_number)
        where arms.nct_id = $nct_id
    """
    label = "Cell Drug:HeXell-2020"
    assert published.row(query, FRAILTY_TRIAL) == (label, "DRUG", "HeXell-2020", [label])


def test_a2_anomaly_randomized_single_group(published: PublishedFile) -> None:
    """RANDOMIZED + SINGLE_GROUP with 2 arms incl. PLACEBO_COMPARATOR + TRIPLE mask."""
    query = """
        select
            trials.allocation,
            trials.intervention_model,
            trials.arms_count,
            trials.masking,
            bool_or(arms.arm_type = 'PLACEBO_COMPARATOR')
        from marts.dim_trials as trials
        join marts.fct_trial_arms as arms using (nct_id)
        where nct_id = $nct_id
        group by all
    """
    assert published.row(query, EXOSOME_TRIAL) == ("RANDOMIZED", "SINGLE_GROUP", 2, "TRIPLE", True)


def test_a2_anomaly_triple_means_three(published: PublishedFile) -> None:
    """TRIPLE = 3: in the list, and in the four flags."""
    query = """
        select
            masking,
            len(who_masked),
            [
                is_participant_masked,
                is_care_provider_masked,
                is_investigator_masked,
                is_outcomes_assessor_masked
            ]
        from marts.dim_trials
        where nct_id = $nct_id
    """
    assert published.row(query, EXOSOME_TRIAL) == ("TRIPLE", 3, [True, True, True, False])


def test_a2_anomaly_start_years_before_registration(published: PublishedFile) -> None:
    """Start 5 years before registration: days from the last day the start can mean."""
    days = (date(2025, 8, 22) - date(2020, 7, 1)).days
    assert published.of(
        EXOSOME_TRIAL,
        "dim_trials",
        "date_diff('day', start_date_last_day, first_submitted_on), start_date_type",
    ) == (days, "ACTUAL")
    assert days > 5 * 365


def test_a2_anomaly_saline_is_biological(published: PublishedFile) -> None:
    """Saline typed BIOLOGICAL: found through the placebo arm it belongs to."""
    query = """
        select treatments.intervention_type, treatments.intervention_name
        from marts.fct_trial_arms as arms
        join marts.fct_trial_interventions as treatments
            on arms.nct_id = treatments.nct_id
            and list_contains(arms.intervention_numbers, treatments.intervention_number)
        where
            arms.nct_id = $nct_id
            and arms.arm_type = 'PLACEBO_COMPARATOR'
            and treatments.intervention_name ilike '%saline%'
    """
    assert published.row(query, EXOSOME_TRIAL) == ("BIOLOGICAL", "Placebo (Normal Saline)")


def test_a2_anomaly_sponsor_is_the_only_facility(published: PublishedFile) -> None:
    """Sponsor = only facility."""
    query = """
        select trials.sites_count, sites.facility = trials.lead_sponsor_name
        from marts.dim_trials as trials
        join marts.fct_trial_sites as sites using (nct_id)
        where nct_id = $nct_id
    """
    assert published.row(query, EXOSOME_TRIAL) == (1, True)


def test_a2_anomaly_suspended_on_first_posting(published: PublishedFile) -> None:
    """SUSPENDED on what appears to be the first posting: so the dates say, our snapshots saw more."""
    query = """
        select
            trials.overall_status,
            trials.first_posted_on = trials.last_update_posted_on,
            list(history.status order by history.status_number)
        from marts.dim_trials as trials
        join marts.fct_status_history as history using (nct_id)
        where nct_id = $nct_id
        group by all
    """
    assert published.row(query, EXOSOME_TRIAL) == ("SUSPENDED", True, ["RECRUITING", "SUSPENDED"])


def test_a2_anomaly_state_is_empty(published: PublishedFile) -> None:
    """State empty: NULL, between a city and a country."""
    assert published.of(EXOSOME_TRIAL, "fct_trial_sites", "city, state, country") == (
        "Warsaw",
        None,
        "Poland",
    )


def test_a2_anomaly_affiliation_is_missing(published: PublishedFile) -> None:
    """Responsible-party affiliation missing although the party is an investigator."""
    assert published.of(
        EXOSOME_TRIAL, "dim_trials", "responsible_party_type, responsible_party_affiliation"
    ) == ("PRINCIPAL_INVESTIGATOR", None)


def test_a2_anomaly_what_the_page_drops_is_on_ours(published: PublishedFile) -> None:
    """The page drops date and enrolment types and whyStopped; ours reads SUSPENDED with them."""
    assert published.of(
        EXOSOME_TRIAL,
        "rpt_trial_profile",
        "status_label, why_stopped, start_date_type_label, completion_date_type_label, enrollment_sentence",
    ) == (
        "Paused (may resume)",
        WHY_SUSPENDED,
        "actual",
        "estimated",
        "20 estimated participants",
    )
