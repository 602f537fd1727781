{#- What two versions of a record are compared by, and how much a change of it matters. -#}
select
    kind,
    field,
    path,
    materiality,
    is_text,
    is_shown
from {{ ref('compared_fields') }}
