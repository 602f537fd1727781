select
    versions.nct_id,
    versions.version_number,
    changes.change_number,
    versions.previous_version_number,
    changes.materiality,
    changes.kind,
    changes.field,
    changes.change_type,
    changes.item,
    changes.part,
    changes.before_value,
    changes.after_value,
    changes.days_moved,
    changes.similarity,
    changes.needs_review,
    changes.churn_class,
    changes.path,
    versions.source,
    versions.clock,
    versions.dated_on,
    versions.observed_after_date,
    versions.submitted_on,
    versions.posted_on,
    changes.from_content_hash,
    changes.to_content_hash

from {{ ref('fct_trial_versions').include(database=false) }} as versions
inner join {{ ref('trial_content_changes').include(database=false) }} as changes
    on
        versions.nct_id = changes.nct_id
        and versions.previous_content_hash = changes.from_content_hash
        and versions.content_hash = changes.to_content_hash
