"""The lists of a protocol: arms, interventions, planned outcomes, conditions, sponsors, ids, references."""

from integration.aact_oracle.reading import Study, at, listed, picked
from integration.aact_oracle.values import boolean, lower, whole_date

PROVIDED_DOCUMENTS = "https://ClinicalTrials.gov/ProvidedDocs"

ID_TEXTS = {"id_value": "id", "id_type": "type", "id_type_description": "domain", "id_link": "link"}
DOCUMENT_TEXTS = {"document_id": "id", "document_type": "type", "url": "url", "comment": "comment"}
PLANNED_OUTCOMES = {"primary": "primaryOutcomes", "secondary": "secondaryOutcomes", "other": "otherOutcomes"}


def read_arms_and_interventions(study: Study) -> None:
    module = at(study.record, "protocolSection.armsInterventionsModule")
    arms = {}  # the last arm of a label wins
    for arm in listed(module, "armGroups"):
        paths = {"group_type": "type", "title": "label", "description": "description"}
        arms[at(arm, "label")] = study.add("design_groups", **picked(arm, paths))
    for intervention in listed(module, "interventions"):
        paths = {"intervention_type": "type", "name": "name", "description": "description"}
        key = study.add("interventions", **picked(intervention, paths))
        for name in listed(intervention, "otherNames"):
            study.add("intervention_other_names", intervention_id=key, name=name)
        for label in listed(intervention, "armGroupLabels"):
            study.add("design_group_interventions", design_group_id=arms.get(label), intervention_id=key)


def read_design_outcomes(study: Study) -> None:
    for outcome_type, name in PLANNED_OUTCOMES.items():
        for outcome in listed(study.record, "protocolSection.outcomesModule." + name):
            study.add(
                "design_outcomes",
                outcome_type=outcome_type,
                measure=at(outcome, "measure"),
                time_frame=at(outcome, "timeFrame"),
                population=None,
                description=at(outcome, "description"),
            )


def read_conditions_and_keywords(study: Study) -> None:
    for table in ("conditions", "keywords"):
        for name in listed(study.record, "protocolSection.conditionsModule." + table):
            study.add(table, name=name, downcase_name=lower(name))


def read_mesh_terms(study: Study) -> None:
    for table, module in (
        ("browse_conditions", "conditionBrowseModule"),
        ("browse_interventions", "interventionBrowseModule"),
    ):
        for mesh_type, name in (("mesh-list", "meshes"), ("mesh-ancestor", "ancestors")):
            for mesh in listed(study.record, f"derivedSection.{module}.{name}"):
                term = at(mesh, "term")
                study.add(table, mesh_term=term, downcase_mesh_term=lower(term), mesh_type=mesh_type)


def read_sponsors(study: Study) -> None:
    module = at(study.record, "protocolSection.sponsorCollaboratorsModule")
    lead = at(module, "leadSponsor")
    named = [("lead", lead)] if lead is not None else []
    named += [("collaborator", sponsor) for sponsor in listed(module, "collaborators")]
    for role, sponsor in named:
        study.add(
            "sponsors",
            agency_class=at(sponsor, "class"),
            lead_or_collaborator=role,
            name=at(sponsor, "name"),
        )


def read_ids(study: Study) -> None:
    module = at(study.record, "protocolSection.identificationModule")
    organization_id = at(module, "orgStudyIdInfo")
    known = [("nct_alias", {"id": alias}) for alias in listed(module, "nctIdAliases")]
    known += [("org_study_id", organization_id)] if organization_id is not None else []
    known += [("secondary_id", other) for other in listed(module, "secondaryIdInfos")]
    for source, found in known:
        study.add("id_information", id_source=source, **picked(found, ID_TEXTS))


def read_references(study: Study) -> None:
    module = at(study.record, "protocolSection.referencesModule")
    for reference in listed(module, "references"):
        paths = {"pmid": "pmid", "reference_type": "type", "citation": "citation"}
        key = study.add("study_references", **picked(reference, paths))
        for retraction in listed(reference, "retractions"):
            source = picked(retraction, {"pmid": "pmid", "source": "source"})
            study.add("retractions", reference_id=key, **source)
    for link in listed(module, "seeAlsoLinks"):
        study.add("links", url=at(link, "url"), description=at(link, "label"))
    for document in listed(module, "availIpds"):
        study.add("documents", **picked(document, DOCUMENT_TEXTS))


def read_provided_documents(study: Study) -> None:
    for document in listed(study.record, "documentSection.largeDocumentModule.largeDocs"):
        filename = at(document, "filename")
        folder = f"{PROVIDED_DOCUMENTS}/{study.nct_id[-2:]}/{study.nct_id}"
        study.add(
            "provided_documents",
            document_type=at(document, "label"),
            has_protocol=boolean(at(document, "hasProtocol")),
            has_icf=boolean(at(document, "hasIcf")),
            has_sap=boolean(at(document, "hasSap")),
            document_date=whole_date(at(document, "date")),
            # A document without a file has no address, rather than its folder's.
            url=None if filename is None else f"{folder}/{filename}",
        )


def read_ipd_types(study: Study) -> None:
    for name in listed(study.record, "protocolSection.ipdSharingStatementModule.infoTypes"):
        study.add("ipd_information_types", name=name)
