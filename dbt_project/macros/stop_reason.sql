{#-
    Why a trial stopped, as one of the codes of `dim_stop_reasons`: the first whose words stand in the text of the reason;
    nothing for a trial that goes on. Harm that is denied ("not related to safety") is none. BLANK: none was given;
    OTHER: these rules cannot read it. Found on 22 988 real reasons (docs/decisions/0013-why-trials-stopped.md).
-#}
{% macro stop_reason(why_stopped, overall_status) -%}
case when {{ overall_status }} in ('SUSPENDED', 'TERMINATED', 'WITHDRAWN') then list_transform([
    replace(regexp_replace(
        regexp_replace(
            lower({{ why_stopped }}),
            '\bnot (acceptable|activated|adequate|available|begin|begun|complete|completed|conducted|continue|continued|feasible'
            || '|go|initiate|initiated|open|opened|performed|possible|proceed|pursue|pursued|stand|start|started|tolerate'
            || '|tolerated)\b',
            'not~\1',
            'g'
        ),
        '\b(no|not|without|unrelated|rather than|neither)( [a-z-]+){0,4}? '
        || '(safety|adverse|toxicity|side effects?|risk)'
        || '( (concerns?|events?|findings?|issues?|problems?|reasons?|signals?))?'
        || '(,? (and|or|nor)( [a-z]+){0,4}? (efficacy|effectiveness|futility|benefit|authorit(y|ies)|agency|agencies))*\b',
        ' ',
        'g'
    ), '~', ' ')
], lambda words: case
    when words is null or regexp_matches({{ why_stopped }}, '^[^\p{L}\p{N}]*(?i:na|n/a|none|unknown)?[^\p{L}\p{N}]*$') then 'BLANK'
    when regexp_matches(words,
        'covid|corona ?virus|\bcorona\b|sars[- ]?cov|pandemic|lock ?down|quarantine|\bwars?\b|ukrain'
        || '|military|civil unrest|earthquake|hurricane|natural disaster') then 'PANDEMIC_OR_WAR'
    when regexp_matches(words,
        'safety|adverse|toxic|side[- ]effects?|\bsaes?\b|\bsusars?\b|\bdeaths?\b|mortality|\bharm'
        || '|hypersensitivity|unacceptable risk|risk[- /]+benefit|benefit[- /]+risk|complications?') then 'SAFETY'
    when regexp_matches(words,
        'futil|(in|un)effective|(in)efficac'
        || '|(lack|absence|insufficient|limited|poor|low|no|without|not enough|negative) (of )?'
        || '(clear |clinical |significant |sufficient |evidence of |demonstrated |adequate |any |the )*'
        || '(efficacy|effect\b|effectiveness|benefit|activity|response|difference)'
        || '|(did|does|do|was|were|is) not '
        || '(meet|met|show|demonstrate|achieve|reach|effective|efficacious|work|superior)'
        || '|(fail(ed|ure|s)?|(un|in)abl?(e|ility)) to (meet|show|demonstrate|achieve)|efficacy|no benefit'
        || '|negative results?|superiority|non-?inferior') then 'EFFICACY_OR_FUTILITY'
    when regexp_matches(words,
        '\bfda\b|food and drug|\bema\b|\bmhra\b|\banvisa\b|\bansm\b|\bbfarm\b|health canada|regulat'
        || '|ethic|\birb\b|\biec\b|\brec\b|\breb\b|institutional review|review board|competent authorit'
        || '|health authorit|authorities|clinical hold|licen[cs]e|\bcro audit|\bimpd\b|\bind\b|legal'
        || '|non-?complian') then 'REGULATORY_OR_ETHICS'
    when regexp_matches(words,
        'amend|interim (analys|review|data|look|evaluation|result)|temporar|on hold|\bhold\b|\bpaus'
        || '|pending|await|waiting|protocol (chang|modif|revis|updat|deviat|violation)|re-?evaluat'
        || '|under review|revis|suspend(ed)? (until|while)|until|planned (stop|suspension|interim)'
        || '|dose (escalation|level|finding)'
        || '|(phase|cohort|stage|arm)s? [0-9a-z]* ?(is |was |has |have )*(been )?(complete|met|full|fill)'
        || '|between phases|data (analysis|review|monitoring)|\bdsmb\b|\bdmc\b|\bidmc\b|\bdsmc\b'
        || '|accrual (goal|target)|(met|reached) (its |the )?(accrual|enrol)') then 'HOLD_OR_AMENDMENT'
    when regexp_matches(words,
        'suppl(y|ies|ier)|shortage|manufactur|expir'
        || '|(not|un|no longer|lack of|limited|in)[- ]?(being )?(availab|obtain)|availability|equipment'
        || '|machine|hardware|software|device (issue|fail|malfunc|problem|recall)|malfunction|technical'
        || '|logistic|shipment|deliver|import|customs|drug (was|is|product|unavail)'
        || '|study (drug|medication|product)|withdrawn from (the )?market|\bstock\b|laborator'
        || '|construction|renovat') then 'SUPPLY_OR_LOGISTICS'
    when regexp_matches(words,
        '\bpis?\b|\bp\.i\.|investigators?|personnel|\bstaff|left (the|our)|leav(e|es|ing)|\bmoved\b'
        || '|moving|relocat|retire|resign|depart(ed|ure)|graduat|resident|fellow|student|maternity'
        || '|coordinator|\bnurse|research team|study team|collaborat|manpower|workforce|man power'
        || '|site (clos|was|is)|cent(er|re) clos|hospital clos'
        || '|clos(ure|ing) of (the )?(site|center|hospital|clinic|unit)|contract|agreement|institution'
        || '|no longer at') then 'STAFF_OR_SITE'
    when regexp_matches(words,
        'fund|financ|budget|money|monetary|\bgrants?\b|\bcosts?\b|business|sponsor|compan(y|ies)'
        || '|commerci|strateg|portfolio|priorit|resources?|acqui(red|sition)|merge|bankrupt|insolven'
        || '|pharma|corporate|economic|development (program|plan|of)'
        || '|program (was |has been )?(discontinu|terminat|cancel)|administrative'
        || '|discontinued (the )?(development|program)|decision to (stop|terminate|discontinue|not)'
        || '|management decision|partner') then 'FUNDING_OR_BUSINESS'
    when regexp_matches(words,
        'enrol|recrui?t|accru|inclusion|inclus|slow'
        || '|(no|few|low|lack of|insufficient|not enough|small|limited|inadequate|difficult\w*( in| to)?( \w+)?) '
        || '(\w+ )?(number of )?(patient|participant|subject|candidate|volunteer|case|eligible|interest|referral)'
        || '|number of (patients|participants|subjects|volunteers|cases)|participa'
        || '|(patients?|subjects?|volunteers?|candidates?|couples|women|children|cases) '
        || '(were|was|could|have|had|did|refus|declin|are|available|found|met)'
        || '|eligib|sample size|drop ?outs?|lost to follow|retention|withdrew|interest|screen') then 'ENROLMENT'
    when regexp_matches(words,
        'design|feas[ai]b|method|another (study|trial|protocol|project)'
        || '|other (study|trial|studies|trials)'
        || '|new (study|trial|protocol|treatment|standard|data|evidence|therap|guideline)|replac'
        || '|supersed|combined (with|into)|standard of care|standard treatment|guidelines?|practice'
        || '|literature|published|obsolete|not (needed|necessary|required|relevant)|duplicate|registered'
        || '|registration|error|redundan|never (started|initiated|opened|began)'
        || '|not (started|initiated|opened|begun|conducted|pursued|done|performed)|cancel|scientific'
        || '|research question|change of|changed|hypothes') then 'DESIGN_OR_ANOTHER_STUDY'
    else 'OTHER'
end)[1] end
{%- endmacro %}
