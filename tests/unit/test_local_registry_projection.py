"""Cutting fields out of a record."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from trialhouse.local_registry.projection import UnknownField, path_of, projector


def projected(record: Any, *fields: str) -> Any:
    return json.loads(projector(fields)(json.dumps(record).encode()))


def test_piece_module_and_dotted_names_mean_paths() -> None:
    assert path_of("LeadSponsorName") == "protocolSection.sponsorCollaboratorsModule.leadSponsor.name"
    assert path_of("StatusModule") == path_of("statusModule") == "protocolSection.statusModule"
    assert path_of("hasResults") == path_of("HasResults") == "hasResults"
    assert path_of("resultsSection.moreInfoModule.pointOfContact.title").endswith("title")


def test_names_are_case_sensitive() -> None:
    with pytest.raises(UnknownField):
        path_of("overallstatus")


def test_lists_keep_the_elements_that_have_the_field() -> None:
    record = {
        "protocolSection": {
            "contactsLocationsModule": {"locations": [{"city": "Oslo", "zip": "1"}, {"zip": "2"}]}
        }
    }
    assert projected(record, "LocationCity") == {
        "protocolSection": {"contactsLocationsModule": {"locations": [{"city": "Oslo"}]}}
    }


def test_record_with_nothing_of_what_was_asked_is_an_empty_object() -> None:
    assert projected({"hasResults": True, "protocolSection": {"statusModule": {}}}, "WhyStopped") == {}


def test_whole_module_wins_over_its_parts() -> None:
    record = {"protocolSection": {"statusModule": {"overallStatus": "X", "whyStopped": "Y"}}}
    assert projected(record, "WhyStopped", "StatusModule") == record
    assert projected(record, "ProtocolSection", "WhyStopped") == record


def test_plain_value_where_an_object_was_asked_is_left_out() -> None:
    record = {"protocolSection": {"statusModule": {"overallStatus": "X"}}}
    assert projected(record, "protocolSection.statusModule.overallStatus.nothing") == {}
    assert projected({"protocolSection": {"statusModule": [1, "x"]}}, "WhyStopped") == {}


def test_values_keep_their_bytes() -> None:
    record = b'{"hasResults" : false, "protocolSection":{"designModule":{"enrollmentInfo":{"count": 1e2}}}}'
    assert projector(("EnrollmentCount",))(record).endswith(b'{"count":1e2}}}}')


@settings(max_examples=50, deadline=None)
@given(st.dictionaries(st.sampled_from(["overallStatus", "whyStopped", "unheardOf"]), st.none() | st.text()))
def test_unheard_of_fields_never_disturb(status: dict[str, Any]) -> None:
    found = projected({"protocolSection": {"statusModule": status}, "newSection": [status]}, "OverallStatus")
    expected = {"overallStatus": status["overallStatus"]} if "overallStatus" in status else None
    assert found == ({"protocolSection": {"statusModule": expected}} if expected else {})
