with

labels as (

    select * from {{ ref('ctgov_labels') }}

),

fields as (

    select
        code_list,
        list(path order by path) as coded_paths

    from {{ ref('ctgov_coded_fields') }}
    group by code_list

),

final as (

    select
        labels.code_list,
        labels.code,
        labels.label,
        labels.plain_label,
        labels.origin,
        fields.coded_paths

    from labels
    left join fields on labels.code_list = fields.code_list

)

select * from final
