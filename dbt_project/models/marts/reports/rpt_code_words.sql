{#-
    One row: the words of every code list as maps, code_list -> code -> words; read with label_of and labels_of.
    A table: as a view, its maps would be made anew by every query that shows a label.
-#}
with

codes as (

    select * from {{ ref('dim_codes') }}

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
