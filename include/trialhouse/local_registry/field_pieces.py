"""Names the API gives to fields ("pieces") and the paths they stand for; from the registry's own field tree.

Pieces outside the protocol and the derived section are left out: their dotted paths work.
"""

SECTIONS_AND_MODULES = {
    "ProtocolSection": "protocolSection",
    "IdentificationModule": "protocolSection.identificationModule",
    "StatusModule": "protocolSection.statusModule",
    "SponsorCollaboratorsModule": "protocolSection.sponsorCollaboratorsModule",
    "OversightModule": "protocolSection.oversightModule",
    "DescriptionModule": "protocolSection.descriptionModule",
    "ConditionsModule": "protocolSection.conditionsModule",
    "DesignModule": "protocolSection.designModule",
    "ArmsInterventionsModule": "protocolSection.armsInterventionsModule",
    "OutcomesModule": "protocolSection.outcomesModule",
    "EligibilityModule": "protocolSection.eligibilityModule",
    "ContactsLocationsModule": "protocolSection.contactsLocationsModule",
    "ReferencesModule": "protocolSection.referencesModule",
    "IPDSharingStatementModule": "protocolSection.ipdSharingStatementModule",
    "ResultsSection": "resultsSection",
    "ParticipantFlowModule": "resultsSection.participantFlowModule",
    "BaselineCharacteristicsModule": "resultsSection.baselineCharacteristicsModule",
    "OutcomeMeasuresModule": "resultsSection.outcomeMeasuresModule",
    "AdverseEventsModule": "resultsSection.adverseEventsModule",
    "MoreInfoModule": "resultsSection.moreInfoModule",
    "AnnotationSection": "annotationSection",
    "AnnotationModule": "annotationSection.annotationModule",
    "DocumentSection": "documentSection",
    "LargeDocumentModule": "documentSection.largeDocumentModule",
    "DerivedSection": "derivedSection",
    "MiscInfoModule": "derivedSection.miscInfoModule",
    "ConditionBrowseModule": "derivedSection.conditionBrowseModule",
    "InterventionBrowseModule": "derivedSection.interventionBrowseModule",
    "HasResults": "hasResults",
}

_PIECES_BY_MODULE = {
    "protocolSection.identificationModule": """
        NCTId=nctId NCTIdAlias=nctIdAliases OrgStudyIdInfo=orgStudyIdInfo OrgStudyId=orgStudyIdInfo.id
        OrgStudyIdType=orgStudyIdInfo.type OrgStudyIdLink=orgStudyIdInfo.link
        SecondaryIdInfo=secondaryIdInfos SecondaryId=secondaryIdInfos.id
        SecondaryIdType=secondaryIdInfos.type SecondaryIdDomain=secondaryIdInfos.domain
        SecondaryIdLink=secondaryIdInfos.link BriefTitle=briefTitle OfficialTitle=officialTitle
        Acronym=acronym Organization=organization OrgFullName=organization.fullName
        OrgClass=organization.class
    """,
    "protocolSection.statusModule": """
        StatusVerifiedDate=statusVerifiedDate OverallStatus=overallStatus LastKnownStatus=lastKnownStatus
        DelayedPosting=delayedPosting WhyStopped=whyStopped ExpandedAccessInfo=expandedAccessInfo
        HasExpandedAccess=expandedAccessInfo.hasExpandedAccess ExpandedAccessNCTId=expandedAccessInfo.nctId
        ExpandedAccessStatusForNCTId=expandedAccessInfo.statusForNctId StartDateStruct=startDateStruct
        StartDate=startDateStruct.date StartDateType=startDateStruct.type
        PrimaryCompletionDateStruct=primaryCompletionDateStruct
        PrimaryCompletionDate=primaryCompletionDateStruct.date
        PrimaryCompletionDateType=primaryCompletionDateStruct.type CompletionDateStruct=completionDateStruct
        CompletionDate=completionDateStruct.date CompletionDateType=completionDateStruct.type
        StudyFirstSubmitDate=studyFirstSubmitDate StudyFirstSubmitQCDate=studyFirstSubmitQcDate
        StudyFirstPostDateStruct=studyFirstPostDateStruct StudyFirstPostDate=studyFirstPostDateStruct.date
        StudyFirstPostDateType=studyFirstPostDateStruct.type ResultsWaived=resultsWaived
        ResultsFirstSubmitDate=resultsFirstSubmitDate ResultsFirstSubmitQCDate=resultsFirstSubmitQcDate
        ResultsFirstPostDateStruct=resultsFirstPostDateStruct
        ResultsFirstPostDate=resultsFirstPostDateStruct.date
        ResultsFirstPostDateType=resultsFirstPostDateStruct.type DispFirstSubmitDate=dispFirstSubmitDate
        DispFirstSubmitQCDate=dispFirstSubmitQcDate DispFirstPostDateStruct=dispFirstPostDateStruct
        DispFirstPostDate=dispFirstPostDateStruct.date DispFirstPostDateType=dispFirstPostDateStruct.type
        LastUpdateSubmitDate=lastUpdateSubmitDate LastUpdatePostDateStruct=lastUpdatePostDateStruct
        LastUpdatePostDate=lastUpdatePostDateStruct.date
        LastUpdatePostDateType=lastUpdatePostDateStruct.type
    """,
    "protocolSection.sponsorCollaboratorsModule": """
        ResponsibleParty=responsibleParty ResponsiblePartyType=responsibleParty.type
        ResponsiblePartyInvestigatorFullName=responsibleParty.investigatorFullName
        ResponsiblePartyInvestigatorTitle=responsibleParty.investigatorTitle
        ResponsiblePartyInvestigatorAffiliation=responsibleParty.investigatorAffiliation
        ResponsiblePartyOldNameTitle=responsibleParty.oldNameTitle
        ResponsiblePartyOldOrganization=responsibleParty.oldOrganization LeadSponsor=leadSponsor
        LeadSponsorName=leadSponsor.name LeadSponsorClass=leadSponsor.class Collaborator=collaborators
        CollaboratorName=collaborators.name CollaboratorClass=collaborators.class
    """,
    "protocolSection.oversightModule": """
        OversightHasDMC=oversightHasDmc IsFDARegulatedDrug=isFdaRegulatedDrug
        IsFDARegulatedDevice=isFdaRegulatedDevice IsUnapprovedDevice=isUnapprovedDevice IsPPSD=isPpsd
        IsUSExport=isUsExport FDAAA801Violation=fdaaa801Violation
    """,
    "protocolSection.descriptionModule": """
        BriefSummary=briefSummary DetailedDescription=detailedDescription
    """,
    "protocolSection.conditionsModule": """
        Condition=conditions Keyword=keywords
    """,
    "protocolSection.designModule": """
        StudyType=studyType NPtrsToThisExpAccNCTId=nPtrsToThisExpAccNctId
        ExpandedAccessTypes=expandedAccessTypes ExpAccTypeIndividual=expandedAccessTypes.individual
        ExpAccTypeIntermediate=expandedAccessTypes.intermediate
        ExpAccTypeTreatment=expandedAccessTypes.treatment PatientRegistry=patientRegistry
        TargetDuration=targetDuration Phase=phases DesignInfo=designInfo
        DesignAllocation=designInfo.allocation DesignInterventionModel=designInfo.interventionModel
        DesignInterventionModelDescription=designInfo.interventionModelDescription
        DesignPrimaryPurpose=designInfo.primaryPurpose
        DesignObservationalModel=designInfo.observationalModel
        DesignTimePerspective=designInfo.timePerspective DesignMaskingInfo=designInfo.maskingInfo
        DesignMasking=designInfo.maskingInfo.masking
        DesignMaskingDescription=designInfo.maskingInfo.maskingDescription
        DesignWhoMasked=designInfo.maskingInfo.whoMasked BioSpec=bioSpec BioSpecRetention=bioSpec.retention
        BioSpecDescription=bioSpec.description EnrollmentInfo=enrollmentInfo
        EnrollmentCount=enrollmentInfo.count EnrollmentType=enrollmentInfo.type
    """,
    "protocolSection.armsInterventionsModule": """
        ArmGroup=armGroups ArmGroupLabel=armGroups.label ArmGroupType=armGroups.type
        ArmGroupDescription=armGroups.description ArmGroupInterventionName=armGroups.interventionNames
        Intervention=interventions InterventionType=interventions.type InterventionName=interventions.name
        InterventionDescription=interventions.description
        InterventionArmGroupLabel=interventions.armGroupLabels
        InterventionOtherName=interventions.otherNames
    """,
    "protocolSection.outcomesModule": """
        PrimaryOutcome=primaryOutcomes PrimaryOutcomeMeasure=primaryOutcomes.measure
        PrimaryOutcomeDescription=primaryOutcomes.description
        PrimaryOutcomeTimeFrame=primaryOutcomes.timeFrame SecondaryOutcome=secondaryOutcomes
        SecondaryOutcomeMeasure=secondaryOutcomes.measure
        SecondaryOutcomeDescription=secondaryOutcomes.description
        SecondaryOutcomeTimeFrame=secondaryOutcomes.timeFrame OtherOutcome=otherOutcomes
        OtherOutcomeMeasure=otherOutcomes.measure OtherOutcomeDescription=otherOutcomes.description
        OtherOutcomeTimeFrame=otherOutcomes.timeFrame
    """,
    "protocolSection.eligibilityModule": """
        EligibilityCriteria=eligibilityCriteria HealthyVolunteers=healthyVolunteers Sex=sex
        GenderBased=genderBased GenderDescription=genderDescription MinimumAge=minimumAge
        MaximumAge=maximumAge StdAge=stdAges StudyPopulation=studyPopulation SamplingMethod=samplingMethod
    """,
    "protocolSection.contactsLocationsModule": """
        CentralContact=centralContacts CentralContactName=centralContacts.name
        CentralContactRole=centralContacts.role CentralContactPhone=centralContacts.phone
        CentralContactPhoneExt=centralContacts.phoneExt CentralContactEMail=centralContacts.email
        OverallOfficial=overallOfficials OverallOfficialName=overallOfficials.name
        OverallOfficialAffiliation=overallOfficials.affiliation OverallOfficialRole=overallOfficials.role
        Location=locations LocationFacility=locations.facility LocationStatus=locations.status
        LocationCity=locations.city LocationState=locations.state LocationZip=locations.zip
        LocationCountry=locations.country LocationContact=locations.contacts
        LocationContactName=locations.contacts.name LocationContactRole=locations.contacts.role
        LocationContactPhone=locations.contacts.phone LocationContactPhoneExt=locations.contacts.phoneExt
        LocationContactEMail=locations.contacts.email LocationGeoPoint=locations.geoPoint
    """,
    "protocolSection.referencesModule": """
        Reference=references ReferencePMID=references.pmid ReferenceType=references.type
        ReferenceCitation=references.citation Retraction=references.retractions
        RetractionPMID=references.retractions.pmid RetractionSource=references.retractions.source
        SeeAlsoLink=seeAlsoLinks SeeAlsoLinkLabel=seeAlsoLinks.label SeeAlsoLinkURL=seeAlsoLinks.url
        AvailIPD=availIpds AvailIPDId=availIpds.id AvailIPDType=availIpds.type AvailIPDURL=availIpds.url
        AvailIPDComment=availIpds.comment
    """,
    "protocolSection.ipdSharingStatementModule": """
        IPDSharing=ipdSharing IPDSharingDescription=description IPDSharingInfoType=infoTypes
        IPDSharingTimeFrame=timeFrame IPDSharingAccessCriteria=accessCriteria IPDSharingURL=url
    """,
    "derivedSection.miscInfoModule": """
        VersionHolder=versionHolder RemovedCountry=removedCountries SubmissionTracking=submissionTracking
        EstimatedResultsFirstSubmitDate=submissionTracking.estimatedResultsFirstSubmitDate
        FirstMCPInfo=submissionTracking.firstMcpInfo
        FirstMCPPostDateStruct=submissionTracking.firstMcpInfo.postDateStruct
        FirstMCPPostDate=submissionTracking.firstMcpInfo.postDateStruct.date
        FirstMCPPostDateType=submissionTracking.firstMcpInfo.postDateStruct.type
        SubmissionInfo=submissionTracking.submissionInfos
        SubmissionReleaseDate=submissionTracking.submissionInfos.releaseDate
        SubmissionUnreleaseDate=submissionTracking.submissionInfos.unreleaseDate
        SubmissionUnreleaseDateUnknown=submissionTracking.submissionInfos.unreleaseDateUnknown
        SubmissionResetDate=submissionTracking.submissionInfos.resetDate
        SubmissionMCPReleaseN=submissionTracking.submissionInfos.mcpReleaseN
    """,
    "derivedSection.conditionBrowseModule": """
        ConditionMesh=meshes ConditionMeshId=meshes.id ConditionMeshTerm=meshes.term
        ConditionAncestor=ancestors ConditionAncestorId=ancestors.id ConditionAncestorTerm=ancestors.term
    """,
    "derivedSection.interventionBrowseModule": """
        InterventionMesh=meshes InterventionMeshId=meshes.id InterventionMeshTerm=meshes.term
        InterventionAncestor=ancestors InterventionAncestorId=ancestors.id
        InterventionAncestorTerm=ancestors.term
    """,
}


def _path_by_piece() -> dict[str, str]:
    """The tables above as one: piece name → dotted path."""
    paths = dict(SECTIONS_AND_MODULES)
    for module, text in _PIECES_BY_MODULE.items():
        for item in text.split():
            piece, path = item.split("=")
            paths[piece] = f"{module}.{path}"
    return paths


PATH_BY_PIECE = _path_by_piece()
