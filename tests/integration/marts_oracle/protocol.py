"""The rows that the protocol part of a record must have in the marts."""

from collections.abc import Iterator
from typing import Any

from integration.marts_oracle.values import Record, Row, at, full_date, items, picked, timestamp
from integration.oracle import arm_links

PROTOCOL = "protocolSection"
ARMS = f"{PROTOCOL}.armsInterventionsModule"
SPONSORS = f"{PROTOCOL}.sponsorCollaboratorsModule"
CONTACTS = f"{PROTOCOL}.contactsLocationsModule"
REFERENCES = f"{PROTOCOL}.referencesModule"
DOCUMENT_FOLDER = "https://cdn.clinicaltrials.gov/large-docs"

SITE_COLUMNS = {
    "facility": "facility",
    "city": "city",
    "state": "state",
    "zip": "zip",
    "country": "country",
    "site_status": "status",
    "latitude": "geoPoint.lat",
    "longitude": "geoPoint.lon",
}
DOCUMENT_COLUMNS = {
    "document_label": "label",
    "document_type": "typeAbbrev",
    "has_protocol": "hasProtocol",
    "has_statistical_analysis_plan": "hasSap",
    "has_informed_consent_form": "hasIcf",
    "file_name": "filename",
    "file_bytes": "size",
}
CONTACT_COLUMNS = {
    "contact_name": "name",
    "contact_role": "role",
    "affiliation": "affiliation",
    "phone": "phone",
    "phone_extension": "phoneExt",
    "email": "email",
}
POINT_OF_CONTACT_COLUMNS = CONTACT_COLUMNS | {"contact_name": "title", "affiliation": "organization"}
OUTCOME_LISTS = {"PRIMARY": "primaryOutcomes", "SECONDARY": "secondaryOutcomes", "OTHER": "otherOutcomes"}
MESH_LISTS = {
    "TERM": ("meshes", "id", "term"),
    "ANCESTOR": ("ancestors", "id", "term"),
    "LEAF": ("browseLeaves", "id", "name"),
    "BRANCH": ("browseBranches", "abbrev", "name"),
}


def arms(record: Record) -> list[Row]:
    links = arm_links(record)
    return [
        {
            "arm_number": number,
            "arm_label": arm.get("label"),
            "arm_type": arm.get("type"),
            "arm_description": arm.get("description"),
            "intervention_names": arm.get("interventionNames"),
            "intervention_numbers": sorted(there for here, there in links if here == number),
        }
        for number, arm in enumerate(items(record, f"{ARMS}.armGroups"), 1)
    ]


def interventions(record: Record) -> list[Row]:
    links = arm_links(record)
    return [
        {
            "intervention_number": number,
            "intervention_type": item.get("type"),
            "intervention_name": item.get("name"),
            "intervention_description": item.get("description"),
            "other_names": item.get("otherNames"),
            "arm_labels": item.get("armGroupLabels"),
            "arm_numbers": sorted(there for there, here in links if here == number),
        }
        for number, item in enumerate(items(record, f"{ARMS}.interventions"), 1)
    ]


def sites(record: Record) -> list[Row]:
    listed = enumerate(items(record, f"{CONTACTS}.locations"), 1)
    return [{"site_number": number, **picked(site, SITE_COLUMNS)} for number, site in listed]


def sponsors(record: Record) -> list[Row]:
    lead = at(record, f"{SPONSORS}.leadSponsor")
    named = [(0, "lead", lead)] if lead else []
    collaborators = enumerate(items(record, f"{SPONSORS}.collaborators"), 1)
    named += [(number, "collaborator", other) for number, other in collaborators]
    return [
        {
            "sponsor_number": number,
            "sponsor_role": role,
            "sponsor_name": sponsor.get("name"),
            "sponsor_class": sponsor.get("class"),
        }
        for number, role, sponsor in named
    ]


def conditions(record: Record) -> list[Row]:
    listed = enumerate(items(record, f"{PROTOCOL}.conditionsModule.conditions"), 1)
    return [{"condition_number": number, "condition_name": name} for number, name in listed]


def planned_outcomes(record: Record) -> list[Row]:
    return [
        {
            "outcome_type": outcome_type,
            "outcome_number": number,
            "measure": outcome.get("measure"),
            "outcome_description": outcome.get("description"),
            "time_frame": outcome.get("timeFrame"),
        }
        for outcome_type, name in OUTCOME_LISTS.items()
        for number, outcome in enumerate(items(record, f"{PROTOCOL}.outcomesModule.{name}"), 1)
    ]


def mesh_terms(record: Record) -> list[Row]:
    return [
        {
            "subject": subject.upper(),
            "relation": relation,
            "term_number": number,
            "mesh_id": term.get(id_name),
            "mesh_term": term.get(term_name),
            "as_found": term.get("asFound"),
            "relevance": term.get("relevance"),
        }
        for subject in ("condition", "intervention")
        for relation, (name, id_name, term_name) in MESH_LISTS.items()
        for number, term in enumerate(items(record, f"derivedSection.{subject}BrowseModule.{name}"), 1)
    ]


def countries(record: Record) -> list[Row]:
    listed = {site.get("country") for site in items(record, f"{CONTACTS}.locations")} - {None}
    removed = set(items(record, "derivedSection.miscInfoModule.removedCountries"))
    return [
        {"country": country, "is_removed": is_removed}
        for is_removed, names in ((False, listed), (True, removed))
        for country in sorted(names)
    ]


def references(record: Record) -> list[Row]:
    return [
        {
            "reference_number": number,
            "pmid": reference.get("pmid"),
            "reference_type": reference.get("type"),
            "citation": reference.get("citation"),
            "retractions": _retractions(reference),
            "is_retracted": bool(reference.get("retractions")),
        }
        for number, reference in enumerate(items(record, f"{REFERENCES}.references"), 1)
    ]


def _retractions(reference: Record) -> list[dict[str, Any]] | None:
    if "retractions" not in reference:
        return None
    return [picked(notice, {"pmid": "pmid", "source": "source"}) for notice in reference["retractions"]]


def links(record: Record) -> list[Row]:
    return [
        {
            "link_kind": kind,
            "link_number": number,
            "url": link.get("url"),
            "link_label": link.get("label"),
            "shared_data_id": link.get("id"),
            "shared_data_type": link.get("type"),
            "shared_data_comment": link.get("comment"),
        }
        for kind, name in (("SEE_ALSO", "seeAlsoLinks"), ("SHARED_DATA", "availIpds"))
        for number, link in enumerate(items(record, f"{REFERENCES}.{name}"), 1)
    ]


def documents(record: Record) -> list[Row]:
    nct_id = at(record, f"{PROTOCOL}.identificationModule.nctId")
    return [
        {
            "document_number": number,
            **picked(document, DOCUMENT_COLUMNS),
            "document_date": full_date(document.get("date")),
            "uploaded_at": timestamp(document.get("uploadDate")),
            "document_url": _document_url(nct_id, document.get("filename")),
        }
        for number, document in enumerate(items(record, "documentSection.largeDocumentModule.largeDocs"), 1)
    ]


def _document_url(nct_id: str, file_name: str | None) -> str | None:
    """The registry keeps the files of a trial in a folder named by its last two digits."""
    return f"{DOCUMENT_FOLDER}/{nct_id[-2:]}/{nct_id}/{file_name}" if file_name else None


def contacts(record: Record) -> list[Row]:
    return [
        {"contact_kind": kind, "site_number": site_number, "contact_number": number, **columns}
        for kind, site_number, contact_list in _contact_lists(record)
        for number, columns in enumerate(contact_list, 1)
    ]


def _contact_lists(record: Record) -> Iterator[tuple[str, int, list[Row]]]:
    for kind, name in (("CENTRAL", "centralContacts"), ("OFFICIAL", "overallOfficials")):
        yield kind, 0, [picked(contact, CONTACT_COLUMNS) for contact in items(record, f"{CONTACTS}.{name}")]
    for site_number, site in enumerate(items(record, f"{CONTACTS}.locations"), 1):
        yield "SITE", site_number, [picked(contact, CONTACT_COLUMNS) for contact in items(site, "contacts")]
    point = at(record, "resultsSection.moreInfoModule.pointOfContact")
    yield "RESULTS", 0, [picked(point, POINT_OF_CONTACT_COLUMNS)] if point else []
