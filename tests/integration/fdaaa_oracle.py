"""Which trials FDAAA 801 may oblige to report results, in plain Python from the specification (C3)."""

from datetime import date
from typing import Any

LAW = date(2017, 1, 18)


def act_class(one: dict[str, Any]) -> str | None:
    """The rules of the specification (C3), read as Python."""
    phases = [["PHASE1", "PHASE2"], ["PHASE2"], ["PHASE2", "PHASE3"], ["PHASE3"], ["PHASE4"], ["NA"]]
    if one["study_type"] != "INTERVENTIONAL" or one["phases"] not in phases:
        return None
    if one["primary_purpose"] == "DEVICE_FEASIBILITY" or one["overall_status"] == "WITHDRAWN":
        return None
    start, completed = one["start_date_last_day"], one["completed_on"]
    if start is None:
        return None
    drug, device = one["is_fda_regulated_drug"], one["is_fda_regulated_device"]
    began_before_and_ended_after = start < LAW and completed is not None and completed >= LAW
    if drug or device:
        return "ACT" if start >= LAW else "PROBABLE_ACT" if began_before_and_ended_after else None
    nobody_says = drug is None and device is None
    if (
        nobody_says
        and began_before_and_ended_after
        and one["has_regulated_intervention"]
        and one["has_us_site"]
    ):
        return "POSSIBLE_ACT"
    return None
