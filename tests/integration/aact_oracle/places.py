"""People and places: contacts, officials, facilities, countries."""

import re
from typing import Any

from integration.aact_oracle.reading import Key, Study, at, listed, picked

CONTACT_TEXTS = {"name": "name", "email": "email", "phone": "phone", "phone_extension": "phoneExt"}
FACILITY_TEXTS = {
    "status": "status",
    "name": "facility",
    "city": "city",
    "state": "state",
    "zip": "zip",
    "country": "country",
}
INVESTIGATOR = re.compile("investigator|study.chair", re.IGNORECASE)


def read_contacts_and_officials(study: Study) -> None:
    module = at(study.record, "protocolSection.contactsLocationsModule")
    for place, contact in enumerate(listed(module, "centralContacts")):
        study.add(
            "central_contacts",
            contact_type=_contact_type(place),
            role=at(contact, "role"),
            **picked(contact, CONTACT_TEXTS),
        )
    for official in listed(module, "overallOfficials"):
        paths = {"role": "role", "name": "name", "affiliation": "affiliation"}
        study.add("overall_officials", **picked(official, paths))


def read_facilities(study: Study) -> None:
    for location in listed(study.record, "protocolSection.contactsLocationsModule.locations"):
        key = study.add(
            "facilities",
            **picked(location, FACILITY_TEXTS),
            latitude=_six_decimals(at(location, "geoPoint.lat")),
            longitude=_six_decimals(at(location, "geoPoint.lon")),
        )
        _read_people_of_facility(study, key, listed(location, "contacts"))


def _read_people_of_facility(study: Study, facility: Key, people: list[Any]) -> None:
    """Investigators and chairs in one table, all others in the other, where the first of them is primary."""
    investigators = [person for person in people if _is_investigator(person)]
    contacts = [person for person in people if not _is_investigator(person)]
    for person in investigators:
        study.add(
            "facility_investigators",
            facility_id=facility,
            role=at(person, "role"),
            name=at(person, "name"),
        )
    for place, person in enumerate(contacts):
        study.add(
            "facility_contacts",
            facility_id=facility,
            contact_type=_contact_type(place),
            **picked(person, CONTACT_TEXTS),
        )


def read_countries(study: Study) -> None:
    """Each country once while it has a place and once as removed; a place without a country names none."""
    locations = listed(study.record, "protocolSection.contactsLocationsModule.locations")
    present = dict.fromkeys(at(location, "country") for location in locations)
    removed = dict.fromkeys(listed(study.record, "derivedSection.miscInfoModule.removedCountries"))
    named = [(name, False) for name in present] + [(name, True) for name in removed]
    for name, is_removed in named:
        if name is not None:
            study.add("countries", name=name, removed=is_removed)


def _contact_type(place: int) -> str:
    return "primary" if place == 0 else "backup"


def _is_investigator(person: Any) -> bool:
    return INVESTIGATOR.search(at(person, "role") or "") is not None


def _six_decimals(degrees: float | None) -> float | None:
    return None if degrees is None else round(degrees, 6)
