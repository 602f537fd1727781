"""A small part of the MeSH vocabulary: conditions and interventions with the broader terms above them.

Medical Subject Headings, U.S. National Library of Medicine; the ids and terms are the vocabulary's own.
"""

from dataclasses import dataclass

_BROADER_TERMS = """
D000066888 Diet, Food, and Nutrition
D000068099 Trauma and Stressor Related Disorders
D000072471 Heterocyclic Compounds, Fused-Ring
D000072473 Fused-Ring Compounds
D000086982 Blood-Borne Infections
D000091642 Urogenital Diseases
D000091662 Genital Diseases
D000144 Acids, Acyclic
D000146 Acids, Carbocyclic
D000230 Adenocarcinoma
D000359 Aftercare
D000529 Complementary Therapies
D000578 Amidines
D000602 Amino Acids, Peptides, and Proteins
D000613 Aminobutyrates
D000906 Antibodies
D000911 Antibodies, Monoclonal
D001145 Arrhythmias, Cardiac
D001161 Arteriosclerosis
D001168 Arthritis
D001254 Astrocytoma
D001372 Aza Compounds
D001374 Azacitidine
D001480 Basal Ganglia Diseases
D001521 Behavior Therapy
D001523 Mental Disorders
D001645 Biguanides
D001778 Blood Coagulation Disorders
D001835 Body Weight
D001927 Brain Diseases
D001941 Breast Diseases
D001982 Bronchial Diseases
D001984 Bronchial Neoplasms
D002087 Butyrates
D002264 Carboxylic Acids
D002277 Carcinoma
D002283 Carcinoma, Bronchogenic
D002318 Cardiovascular Diseases
D002493 Central Nervous System Diseases
D002561 Cerebrovascular Disorders
D002762 Cholecalciferol
D002776 Cholestanes
D002782 Cholestenes
D002908 Chronic Disease
D003141 Communicable Diseases
D003240 Connective Tissue Diseases
D003295 Convulsive Therapy
D003327 Coronary Disease
D003376 Counseling
D003509 Cyclohexanecarboxylic Acids
D003562 Cytidine
D003866 Depressive Disorder
D003872 Dermatitis
D003920 Diabetes Mellitus
D003933 Diagnosis
D003952 Diagnostic Imaging
D004066 Digestive System Diseases
D004067 Digestive System Neoplasms
D004100 Dihydroxycholecalciferols
D004191 Behavioral Disciplines and Activities
D004599 Electric Stimulation Therapy
D004700 Endocrine System Diseases
D004701 Endocrine Gland Neoplasms
D005261 Female Urogenital Diseases and Pregnancy Complications
D005502 Food
D005680 gamma-Aminobutyric Acid
D005770 Gastrointestinal Neoplasms
D005832 Genital Diseases, Male
D005834 Genital Neoplasms, Male
D005910 Glioma
D006146 Guanidines
D006296 Health Services
D006331 Heart Diseases
D006402 Hematologic Diseases
D006425 Hemic and Lymphatic Diseases
D006525 Hepatitis, Viral, Human
D006571 Heterocyclic Compounds
D006574 Heterocyclic Compounds, 2-Ring
D006887 Hydroxycholecalciferols
D007128 Immunoglobulin Fragments
D007136 Immunoglobulins
D007141 Immunoglobulin Fc Fragments
D007162 Immunoproteins
D007239 Infections
D007414 Intestinal Neoplasms
D007592 Joint Diseases
D007674 Kidney Diseases
D007938 Leukemia
D007951 Leukemia, Myeloid
D008171 Lung Diseases
D008173 Lung Diseases, Obstructive
D008175 Lung Neoplasms
D008605 Mental Health Services
D008659 Metabolic Diseases
D009043 Motor Activity
D009068 Movement
D009140 Musculoskeletal Diseases
D009142 Musculoskeletal Physiological Phenomena
D009358 Congenital, Hereditary, and Neonatal Diseases and Abnormalities
D009369 Neoplasms
D009370 Neoplasms by Histologic Type
D009371 Neoplasms by Site
D009373 Neoplasms, Germ Cell and Embryonal
D009375 Neoplasms, Glandular and Epithelial
D009422 Nervous System Diseases
D009461 Neurologic Manifestations
D009748 Nutrition Disorders
D009750 Nutritional and Metabolic Diseases
D009930 Organic Chemicals
D009976 Orthomyxoviridae Infections
D010003 Osteoarthritis
D010146 Pain
D010182 Pancreatic Diseases
D010335 Pathologic Processes
D010446 Peptide Fragments
D010455 Peptides
D010829 Physiological Phenomena
D011014 Pneumonia
D011024 Pneumonia, Viral
D011083 Polycyclic Compounds
D011175 Positive-Pressure Respiration
D011183 Postoperative Complications
D011613 Psychotherapy
D011687 Purines
D011741 Pyrimidine Nucleosides
D012046 Rehabilitation
D012121 Respiration, Artificial
D012130 Respiratory Hypersensitivity
D012138 Respiratory Therapy
D012140 Respiratory Tract Diseases
D012141 Respiratory Tract Infections
D012142 Respiratory Tract Neoplasms
D012216 Rheumatic Diseases
D012327 RNA Virus Infections
D012632 Secosteroids
D012749 Sexually Transmitted Diseases
D012816 Signs and Symptoms
D012871 Skin Diseases
D012873 Skin Diseases, Genetic
D013000 Psychiatric Somatic Therapies
D013256 Steroids
D013568 Pathological Conditions, Signs and Symptoms
D013812 Therapeutics
D013899 Thoracic Neoplasms
D014054 Tomography
D014565 Urogenital Neoplasms
D014570 Urologic Diseases
D014652 Vascular Diseases
D014777 Virus Diseases
D015229 Sexually Transmitted Diseases, Viral
D015444 Exercise
D015928 Cognitive Behavioral Therapy
D017202 Myocardial Ischemia
D017437 Skin and Connective Tissue Diseases
D017444 Skin Diseases, Papulosquamous
D017599 Neuroectodermal Tumors
D018302 Neoplasms, Neuroepithelial
D019587 Dietary Supplements
D019602 Food and Beverages
D019937 Diagnostic Techniques and Procedures
D019958 Attention Deficit and Disruptive Behavior Disorders
D019964 Mood Disorders
D020141 Hemostatic Disorders
D020147 Coagulation Protein Disorders
D020521 Stroke
D020734 Parkinsonian Disorders
D020969 Disease Attributes
D025861 Blood Coagulation Disorders, Inherited
D026421 Sensory Art Therapies
D030342 Genetic Diseases, Inborn
D037001 Directive Counseling
D040921 Stress Disorders, Traumatic
D044343 Overnutrition
D044623 Nutrition Therapy
D044882 Glucose Metabolism Disorders
D050177 Overweight
D051437 Renal Insufficiency
D052776 Female Urogenital Diseases
D054219 Neoplasms, Plasma Cell
D055687 Musculoskeletal and Neural Physiological Phenomena
D055909 Magnetic Field Therapy
D058109 Airway Management
D058846 Antibodies, Monoclonal, Murine-Derived
D061067 Antibodies, Monoclonal, Humanized
D064797 Physical Conditioning, Human
D064866 Mindfulness
D065886 Neurodevelopmental Disorders
"""

_CONDITIONS = """
D001943 Breast Neoplasms | D009371 D009369 D001941 D012871 D017437
D003924 Diabetes Mellitus, Type 2 | D003920 D044882 D008659 D009750 D004700
D011471 Prostatic Neoplasms | D005834 D014565 D009371 D009369 D005832
D002289 Carcinoma, Non-Small-Cell Lung | D002283 D001984 D008175 D012142 D013899
D000086382 COVID-19 | D011024 D011014 D012141 D007239 D014777
D006973 Hypertension | D014652 D002318
D010300 Parkinson Disease | D020734 D001480 D001927 D002493 D009422
D015179 Colorectal Neoplasms | D007414 D005770 D004067 D009371 D009369
D003324 Coronary Artery Disease | D003327 D017202 D006331 D002318 D001161
D001172 Arthritis, Rheumatoid | D001168 D007592 D009140 D012216 D003240
D001249 Asthma | D001982 D012140 D008173 D008171 D012130
D009765 Obesity | D050177 D044343 D009748 D009750 D001835
D006333 Heart Failure | D006331 D002318
D020370 Osteoarthritis, Knee | D010003 D001168 D007592 D009140 D012216
D015658 HIV Infections | D000086982 D003141 D007239 D015229 D012749
D001281 Atrial Fibrillation | D001145 D006331 D002318 D010335 D013568
D003922 Diabetes Mellitus, Type 1 | D003920 D044882 D008659 D009750 D004700
D020521 Stroke | D002561 D001927 D002493 D009422 D014652
D010149 Pain, Postoperative | D011183 D010335 D013568 D010146 D009461
D029424 Pulmonary Disease, Chronic Obstructive | D008173 D008171 D012140 D002908 D020969
D013313 Stress Disorders, Post-Traumatic | D040921 D000068099 D001523
D015470 Leukemia, Myeloid, Acute | D007951 D007938 D009370 D009369 D006402
D006528 Carcinoma, Hepatocellular | D000230 D002277 D009375 D009370 D009369
D059350 Chronic Pain | D010146 D009461 D012816 D013568
D001008 Anxiety Disorders | D001523
D000083242 Ischemic Stroke | D020521 D002561 D001927 D002493 D009422
D010190 Pancreatic Neoplasms | D004067 D009371 D009369 D004701 D004066
D013274 Stomach Neoplasms | D005770 D004067 D009371 D009369 D004066
D006258 Head and Neck Neoplasms | D009371 D009369
D006467 Hemophilia A | D025861 D001778 D006402 D006425 D020147
D003550 Cystic Fibrosis | D010182 D004066 D008171 D012140 D030342
D007251 Influenza, Human | D012141 D007239 D009976 D012327 D014777
D001289 Attention Deficit Disorder with Hyperactivity | D019958 D065886 D001523
D007246 Infertility | D000091662 D000091642
D003876 Dermatitis, Atopic | D012873 D030342 D009358 D003872 D012871
D009101 Multiple Myeloma | D054219 D009370 D009369 D020141 D014652
D003865 Depressive Disorder, Major | D003866 D019964 D001523
D011565 Psoriasis | D017444 D012871 D017437
D005909 Glioblastoma | D001254 D005910 D018302 D017599 D009373
D006526 Hepatitis C | D000086982 D003141 D007239 D006525 D014777
D051436 Renal Insufficiency, Chronic | D051437 D007674 D014570 D052776 D005261
"""

_INTERVENTIONS = """
DRUG D008687 Metformin | D001645 D006146 D000578 D009930
DRUG D000068258 Bevacizumab | D061067 D000911 D000906 D007136 D007162
DRUG D000068800 Etanercept | D007141 D007128 D010446 D010455 D000602
DRUG D000069283 Rituximab | D058846 D000911 D000906 D007136 D007162
DRUG C582435 pembrolizumab |
DRUG D000069583 Pregabalin | D005680 D000613 D002087 D000144 D002264
DRUG D000493 Allopurinol | D011687 D006574 D000072471 D006571
DRUG D002117 Calcitriol | D004100 D006887 D002762 D002782 D002776
DRUG D000077209 Decitabine | D001374 D001372 D009930 D003562 D011741
DRUG D000068818 Cetuximab | D061067 D000911 D000906 D007136 D007162
DRUG D014148 Tranexamic Acid | D003509 D000146 D002264 D009930
DIETARY_SUPPLEMENT D014807 Vitamin D | D012632 D013256 D000072473 D011083
DIETARY_SUPPLEMENT D002762 Cholecalciferol | D002782 D002776 D013256 D000072473 D011083
DIETARY_SUPPLEMENT D019936 Probiotics | D019587 D005502 D000066888 D010829 D019602
BEHAVIORAL D015444 Exercise | D009043 D009068 D009142 D055687
BEHAVIORAL D062405 Motivational Interviewing | D037001 D003376 D008605 D004191 D006296
BEHAVIORAL D000099024 Mindfulness-Based Stress Reduction | D064866 D015928 D001521 D011613 D004191
BEHAVIORAL D000072696 High-Intensity Interval Training | D064797 D015444 D009043 D009068 D009142
PROCEDURE D015670 Acupuncture Therapy | D000529 D013812
DEVICE D045422 Continuous Positive Airway Pressure | D011175 D012121 D058109 D013812 D012138
DEVICE D050781 Transcranial Magnetic Stimulation | D055909 D013812
DEVICE D065908 Transcranial Direct Current Stimulation | D004599 D013812 D003295 D013000 D004191
RADIATION D011878 Radiotherapy | D013812
DIAGNOSTIC_TEST D008279 Magnetic Resonance Imaging | D014054 D003952 D019937 D003933
DIAGNOSTIC_TEST D014463 Ultrasonography | D003952 D019937 D003933
OTHER D004035 Diet Therapy | D044623 D013812
OTHER D009147 Music Therapy | D026421 D000529 D013812 D012046 D000359
"""


@dataclass(frozen=True, slots=True)
class MeshTerm:
    """One heading; `kind` is an intervention's type as the registry writes it, empty for a condition."""

    mesh_id: str
    term: str
    ancestors: tuple[tuple[str, str], ...]
    kind: str = ""


def _mesh_terms(table: str, has_kind: bool) -> tuple[MeshTerm, ...]:
    broader = dict(line.split(" ", 1) for line in _BROADER_TERMS.strip().splitlines())
    terms = []
    for line in table.strip().splitlines():
        kind, rest = line.split(" ", 1) if has_kind else ("", line)
        heading, _, ids = rest.partition(" |")
        mesh_id, term = heading.split(" ", 1)
        ancestors = tuple((ancestor, broader[ancestor]) for ancestor in ids.split())
        terms.append(MeshTerm(mesh_id, term, ancestors, kind))
    return tuple(terms)


CONDITIONS = _mesh_terms(_CONDITIONS, has_kind=False)
INTERVENTIONS = _mesh_terms(_INTERVENTIONS, has_kind=True)
