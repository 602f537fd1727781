# ruff: noqa: RUF001  (names and units of other scripts are the point here)
"""Names and sentences for made-up trials; nothing here is a real sponsor, person or product."""

from dataclasses import dataclass
from random import Random

_SPONSORS = """
INDUSTRY 6 Norvane Therapeutics, Inc.
INDUSTRY 6 Quillmark Biosciences
INDUSTRY 5 Brightfen Pharma GmbH
INDUSTRY 5 Ostrava Biologics a.s.
INDUSTRY 4 Lumenara Co., Ltd.
INDUSTRY 4 Vellacor (Jiangsu) Pharmaceuticals Co., Ltd.
INDUSTRY 3 Société Calivance S.A.S.
INDUSTRY 3 Hallerød Medical A/S
INDUSTRY 2 Pinewright Devices LLC
INDUSTRY 2 Tessaly & Munro Clinical Research
OTHER 9 Wexcombe University Hospital
OTHER 9 University of East Harrow
OTHER 8 Kestrel State University
OTHER 8 Centre Hospitalier de Saint-Aubert
OTHER 7 Universität Lindenfels
OTHER 7 Second Affiliated Hospital of Qinghe Medical University
OTHER 6 Hospital Clínico Santa Irene
OTHER 6 Al-Waha University
OTHER 5 İncirköy Training and Research Hospital
OTHER 5 Fundação Vale Sereno
OTHER 5 Maplestead Cancer Institute
OTHER 4 Rigshøj University Hospital
OTHER 4 Instytut Zdrowia Białowola
OTHER 4 Seongnae Medical Center
OTHER_GOV 3 Assistance Publique du Littoral
OTHER_GOV 2 Ministry of Health, Costa Verde
NIH 3 National Institute of Invented Diseases (NIID)
FED 1 Bureau of Veteran Trials
NETWORK 2 Northern Alliance Trials Network
INDIV 1 Dr. Adélaïde Fontanel
UNKNOWN 1 Greywater Collective
"""

_RENAMED_SPONSORS = (
    ("INDUSTRY", "Altamere Pharma AG", "Altamere, a Norvane Company", 4),
    ("OTHER", "Thornbury Medical School", "Thornbury University School of Medicine", 9),
)
RENAMED_WEIGHT = 1.2

PEOPLE = (
    "Zoë Müller", "José Álvarez", "Łukasz Wiśniewski", "Nguyễn Thị Hoa", "Søren Østergaard", "Ayşe Yıldız",
    "Anna Novotná", "Mei-Ling Chen", "Priya Raman", "Björn Ekström", "Fatima El Idrissi", "John Carver",
    "Grace Okafor", "Haruto Sato", "Ingrid Solheim", "Carlos Mendoza", "Elena Petrova", "David O'Rourke",
    "François Lemaître", "Noa Ben-Ami", "Samuel Whitlock", "Min-jun Park", "Amélie Rousseau", "Tomáš Dvořák",
)  # fmt: skip
DEGREES = ("MD", "MD, PhD", "PhD", "Prof. Dr.", "MD, MPH", "MSc")
INVESTIGATOR_TITLES = (
    "Principal Investigator",
    "Associate Professor",
    "Professor of Medicine",
    "Chief Physician",
)
FACILITIES = (
    "{city} University Hospital", "General Hospital of {city}", "{city} Cancer Center",
    "Clinical Research Unit {city}", "{city} Medical Centre", "Research Site {number}, {city}",
)  # fmt: skip

STOP_REASONS = (
    "Slow enrollment", "Low accrual", "Sponsor decision; not related to safety", "Lack of funding",
    "Business decision", "Interim analysis showed no benefit (futility)", "Drug supply interruption",
    "Principal investigator left the institution", "Safety signal under review by the DSMB",
    "Regulatory authority requested further data", "Study design is being revised",
)  # fmt: skip
PAUSE_REASONS = (
    "Temporary hold for a protocol amendment", "Pending review of a serious adverse event",
    "Study drug is not available at present", "Awaiting ethics committee approval of the amended protocol",
    "Planned pause for the interim analysis", "Staffing shortage at the coordinating centre",
    "Enrollment paused – dose cohort under review",
)  # fmt: skip

_DRUG_BEGINNINGS = (
    "vel",
    "cor",
    "tani",
    "ora",
    "zeli",
    "bru",
    "mivo",
    "pexi",
    "luda",
    "nara",
    "quor",
    "esta",
)
_DRUG_MIDDLES = ("to", "li", "ra", "ximo", "ne", "vosi", "daru", "ci", "pele", "gu")
_DRUG_ENDINGS = (
    "tamab",
    "metinib",
    "glutide",
    "statin",
    "parib",
    "sartan",
    "zumab",
    "ciclib",
    "gliptin",
    "vir",
)

MEASURES = (
    (
        "Change from baseline in symptom score",
        "Score of 0 to 100 on the {condition} Symptom Scale; higher is worse.",
    ),
    ("Overall response rate", "Share of participants with a complete or partial response."),
    ("Progression-free survival", "Time from randomisation to progression or death from any cause."),
    ("Number of participants with treatment-related adverse events", "Graded by CTCAE v5.0."),
    ("Hospital readmission", "Any unplanned readmission, counted once for each participant."),
    ("Quality of life (EQ-5D-5L)", "Index value; −0.59 to 1, higher is better."),
    ("Maximum plasma concentration (Cmax)", "Highest observed concentration after the first dose, in ng/mL."),
    ("Six-minute walk distance", "Metres walked in six minutes on a flat corridor of ≥ 30 m."),
    ("All-cause mortality", "Death from any cause, confirmed from the hospital record."),
    ("Pain intensity (VAS)", "Visual analogue scale of 0–100 mm."),
    ("Serum biomarker level", "Central laboratory value in µg/L, geometric mean."),
    ("Time to first exacerbation", "Days from first dose to the first moderate or severe exacerbation."),
)
TIME_FRAMES = (
    "12 weeks",
    "Baseline, Week 24",
    "up to 2 years",
    "Day 1 to Day 28",
    "6 months",
    "1 year",
    "30 days",
)

INCLUSION = (
    "Signed informed consent", "Confirmed diagnosis of {condition}", "Age ≥ {age} years at screening",
    "ECOG performance status of 0 or 1", "Body mass index of 18.5 to 35 kg/m²", "Life expectancy ≥ 3 months",
    "Adequate organ function:\n\n  1. Haemoglobin \\> 9 g/dL\n  2. Platelets ≥ 100 × 10⁹/L\n"
    "  3. eGFR ≥ 45 mL/min",
    "Able to attend all study visits", "Stable background medication for at least 4 weeks",
    "Women of childbearing potential must use effective contraception",
)  # fmt: skip
EXCLUSION = (
    "Pregnancy or breast-feeding", "Known allergy to any part of the study treatment",
    "Another investigational product within 30 days", "Active infection (HIV, hepatitis B or C)",
    "Severe heart failure (NYHA class III–IV)", "Alcohol or drug misuse within the past year",
    "ALT or AST \\> 3 × the upper limit of normal",
    "Any condition that, in the investigator's opinion, would make taking part unsafe, for example:\n\n"
    "  * uncontrolled hypertension\n  * recent stroke (\\< 6 months)\n  * planned major surgery",
    "Unable to follow the study instructions", "Previous treatment with a product of the same class",
)  # fmt: skip

BACKGROUND = (
    "{condition} remains a burden for patients and health systems, and many people do not respond to care.",
    "Earlier work in a small group suggested that {treatment} may help people with {condition}.",
    "Participants are assessed at screening, at baseline and at every visit until the end of follow-up.",
    "An independent committee reviews safety data after every {number} participants.",
    "The sample size gives 80 % power to detect a moderate effect at a two-sided α of 0.05.",
    "Blood samples (≤ 20 mL per visit) are taken for biomarkers; left-over material is stored for ten years.",
    "Missing data are handled by multiple imputation; a per-protocol analysis supports the main one.",
    "Follow-up continues for {number} weeks after the last participant's last visit.",
)


@dataclass(frozen=True, slots=True)
class Sponsor:
    """A lead sponsor; a renamed one takes its new name in the sample without touching its records' dates."""

    name: str
    agency_class: str
    new_name: str | None = None
    renamed_at: int = 0


def _sponsor(line: str) -> tuple[float, Sponsor]:
    agency_class, weight, name = line.split(" ", 2)
    return float(weight), Sponsor(name, agency_class)


_WEIGHTED_SPONSORS = [_sponsor(line) for line in _SPONSORS.strip().splitlines()] + [
    (RENAMED_WEIGHT, Sponsor(name, kind, new_name, at)) for kind, name, new_name, at in _RENAMED_SPONSORS
]
SPONSORS = tuple(sponsor for _, sponsor in _WEIGHTED_SPONSORS)
SPONSOR_WEIGHTS = tuple(weight for weight, _ in _WEIGHTED_SPONSORS)


def drug_name(rng: Random) -> str:
    """A product nobody makes: `veltotamab`, or a code such as `QX-4127`."""
    if rng.random() < 0.25:
        return f"{rng.choice('ABKLQTXZ')}{rng.choice('BDMNRX')}-{rng.randrange(100, 9999)}"
    return rng.choice(_DRUG_BEGINNINGS) + rng.choice(_DRUG_MIDDLES) + rng.choice(_DRUG_ENDINGS)
