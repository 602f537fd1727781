{#- The rules by which trials are flagged. -#}
select
    rule,
    suite,
    level,
    weight,
    message,
    reason,
    set_on

from {{ ref('quality_rules') }}
