with

records as (

    select
        nct_id,
        condition_browse_module,
        intervention_browse_module

    from {{ ref('int_records_current') }}

),

listed as (

    {% for subject in ['CONDITION', 'INTERVENTION'] %}
    {% for relation, terms, id, term in [
        ('TERM', 'meshes', 'id', 'term'),
        ('ANCESTOR', 'ancestors', 'id', 'term'),
        ('LEAF', 'browseLeaves', 'id', 'name'),
        ('BRANCH', 'browseBranches', 'abbrev', 'name'),
    ] %}
    select
        nct_id,
        '{{ subject }}' as subject,
        '{{ relation }}' as relation,
        generate_subscripts({{ subject | lower }}_browse_module.{{ terms }}, 1) as term_number,
        unnest(list_transform(
            {{ subject | lower }}_browse_module.{{ terms }},
            lambda item: struct_pack(
                mesh_id := item.{{ id }},
                mesh_term := item.{{ term }},
                as_found := {{ 'item.asFound' if relation == 'LEAF' else 'cast(null as varchar)' }},
                relevance := {{ 'item.relevance' if relation == 'LEAF' else 'cast(null as varchar)' }}
            )
        )) as item

    from records
    {{ "union all" if not loop.last }}
    {% endfor %}
    {{ "union all" if not loop.last }}
    {% endfor %}

),

final as (

    select
        nct_id,
        subject,
        relation,
        term_number,
        item.mesh_id as mesh_id,
        item.mesh_term as mesh_term,
        item.as_found as as_found,
        item.relevance as relevance

    from listed

)

select * from final
