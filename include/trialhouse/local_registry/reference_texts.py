# ruff: noqa: RUF001  (names and units of other scripts are the point here)
"""Long texts of the two reference trials: structure and numbers of the record, our words."""

FRAILTY_SUMMARY = """\
A first phase I study of how safe HeXell-2020 is, and how well it is tolerated, in older people with \
mild to moderate frailty syndrome.

HeXell-2020 is an investigational product whose active substance is mesenchymal stem cells from donated \
umbilical cords (UCMSCs). Everybody who is eligible and enrolled receives it."""

FRAILTY_DESCRIPTION = """\
Frailty syndrome makes older people more vulnerable: several body systems lose their reserve at once. It \
shows as weak grip, exhaustion, slow walking, little activity and weight loss without intent, and goes \
along with oxidative stress, chronic inflammation, loss of muscle and a higher risk of disability, \
hospital stays and death.

Mesenchymal stem cells release immune-modulating molecules, antioxidant enzymes and growth factors that \
form vessels and protect cells, and so act on several mechanisms of frailty; they also slow the ageing \
of cells.

HeXell-2020 is made of cells from human Wharton's jelly. In a GLP study (21005IV01) NOD/SCID mice \
received eleven weekly doses at three levels (1.5 × 10e6, 1.5 × 10⁷, 7.5 × 10⁷ cells/kg/dose) or \
vehicle. Most surviving animals looked normal; the maximum tolerated dose was 1.5 × 10⁷ cells/kg/dose \
for 11 doses.

In rodents the cells restored muscle: they changed the matrix around it, woke satellite cells, promoted \
autophagy and new capillaries, and eased cell ageing.

The study is open-label with rising doses ("3+3"), in up to 12 subjects of 60 to 85 years enrolled one \
after another, and looks for the maximum feasible dose (MFD) given into a vein."""

EXOSOME_SUMMARY = """\
The study asks whether exosomes of donated mesenchymal stem cells (MSCs), given into a vein, slow the \
progression of disability and improve neurological function in adults with progressive multiple \
sclerosis (MS), and how safe repeated infusions are.

Its main questions:

* Does disability on the Expanded Disability Status Scale (EDSS) progress less?
* Are there fewer signs of neuroinflammation and brain lesions than with placebo?

Exosome therapy is compared with placebo (saline). Participants will:

* receive an infusion every 3 months for 1 year (4 in all)
* have neurological, EDSS and neurocognitive examinations
* give blood and cerebrospinal fluid for biomarkers
* have MRI scans of lesions and brain volume
* answer questionnaires on quality of life and daily life"""

FRAILTY_ARM = """\
Two cohorts, infusions into a vein once every two weeks. Cohort 1: a total of 3 doses of HeXell-2020. \
Cohort 2: a total of 6 doses of HeXell-2020."""
EXOSOME_ARM = (
    "Exosomes of donated MSCs every 12 weeks for 48 weeks (4 infusions), on top of stable MS therapy, if any."
)
SALINE_ARM = (
    "0.9% sodium chloride of the same volume, look and schedule, on top of stable MS therapy, if any."
)
EXOSOME_PRODUCT = """\
Purified, sterile extracellular vesicles without cells, from the culture medium of donated human \
bone-marrow MSCs made under GLP. Released on size (30-150 nm by nanoparticle tracking), particle count, \
sterility and endotoxin, absence of mycoplasma, and markers (e.g., CD9/CD63/CD81 positive)."""
SALINE_PRODUCT = (
    "0.9% sodium chloride that matches the product in volume, look, infusion set-up and administration."
)

FRAILTY_CRITERIA = """\
Inclusion Criteria:

At screening a subject must meet ALL of these criteria to be enrolled:

1. Age ≥ 60 through ≤ 85 years.
2. Mild to moderate frailty syndrome by the Investigator's diagnosis, with 4 to 6 points on the Clinical\
 Frailty Scale.
3. No new treatment of this condition will be started during the study.
4. Body weight of 40 to 90 kg.
5. Written consent, given willingly after reading the consent form and the information provided.

Exclusion Criteria:

A subject who meets ANY of these criteria at screening is not enrolled:

1. Not willing or able to do one of the assessments that the endpoint analysis needs.
2. A disabling neurologic disorder, among others: Parkinson's disease, Amyotrophic Lateral Sclerosis, \
multiple sclerosis, stroke or dementia.
3. 24 points or fewer on the Mini-Mental State Examination (MMSE).
4. A significant other disease, among others:

   1. Severe kidney disease that needs hemodialysis or peritoneal dialysis;
   2. Advanced liver disease, such as severe cirrhosis;
   3. Severe congestive heart failure (NYHA class 3 and 4);
   4. Severe lung disease, such as chronic obstructive pulmonary disease of stage III or IV (Gold \
classification)
5. Malignancy within 5 years (an earlier one must have been gone for 5 years); cured basal cell \
carcinoma and in situ carcinomas do not count.
6. Long-term immunosuppressants, including corticosteroids (\\> 5 mg/day of prednisone, or equivalent) \
and TNF-alpha antagonists.
7. Long-term immunosuppression after a transplant.
8. Another clinical study of a new investigational therapy within 6 months before screening.
9. Any other stem cell therapy within 12 months before screening.
10. Known allergy to a part of the formulation or to cell therapies (i.e., penicillin or streptomycin).
11. Drug or alcohol abuse within the past 3 years.
12. Known HIV infection.
13. In hospital at present.
14. A significant illness in the judgement of the principal investigator (PI), among others:

    1. Psychiatric illness
    2. Uncontrolled hypertension or hypotension
    3. Unstable cardiac arrhythmia
    4. Active Hepatitis B, Hepatitis C infections
15. A condition that, as the Principal Investigator sees it, limits life to \\< 1 year.
16. Any other condition that, as the investigator sees it, may harm the patient's safety or compliance \
or keep the study from being completed."""

EXOSOME_CRITERIA = """\
Inclusion Criteria:

1. Aged 18-65 years.
2. Confirmed diagnosis of progressive multiple sclerosis (primary or secondary)
3. EDSS score of 3.0-6.5.

Exclusion Criteria:

1. A relapse, or treatment with corticosteroids, in the 3 months before screening.
2. Another significant neurological or autoimmune disorder.
3. Active infection, malignancy, or systemic disease that is not under control."""
