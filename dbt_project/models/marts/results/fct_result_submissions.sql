with

listed as (

    select
        nct_id,
        unnest(misc_info_module.submissionTracking.submissionInfos) as submission,
        generate_subscripts(misc_info_module.submissionTracking.submissionInfos, 1) as submission_number

    from {{ ref('int_records_current') }}

),

final as (

    select
        nct_id,
        submission_number,
        {{ full_date('submission.releaseDate') }} as released_on,
        {{ full_date('submission.unreleaseDate') }} as unreleased_on,
        submission.unreleaseDateUnknown as is_unrelease_date_unknown,
        {{ full_date('submission.resetDate') }} as reset_on,
        submission.mcpReleaseN as mcp_release_number

    from listed

)

select * from final
