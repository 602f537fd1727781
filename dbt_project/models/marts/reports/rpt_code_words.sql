{#-
    One row: the words of every code list as maps, code_list -> code -> words; read with label_of and labels_of.
    A view without a database in its names, because the file is renamed when published.
-#}
with

codes as (

    select * from {{ ref('dim_codes').include(database=false) }}

),

lists as (

    select
        code_list,
        map_from_entries(list((code, label) order by code)) as labels,
        map_from_entries(list((code, plain_label) order by code)) as plain_labels

    from codes
    group by code_list

),

final as (

    select
        map_from_entries(list((code_list, labels) order by code_list)) as labels,
        map_from_entries(list((code_list, plain_labels) order by code_list)) as plain_labels

    from lists

)

select * from final
