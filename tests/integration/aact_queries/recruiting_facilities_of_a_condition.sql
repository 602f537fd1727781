-- Where do trials on breast cancer recruit? The registry's MeSH terms find the trials, whatever words they use.
--
-- Origin: after "find hospitals recruiting patients" of the AACT notebook github.com/Shou-Yu-YAN/AACT_database,
-- with a MeSH term in place of a drug's name.
-- Rewritten for DuckDB: nothing. Rewritten for today's registry: the status is RECRUITING, no more Recruiting.
SELECT facilities.country,
       facilities.city,
       facilities.name,
       COUNT(DISTINCT facilities.nct_id) AS studies
FROM ctgov.facilities, ctgov.browse_conditions
WHERE facilities.nct_id = browse_conditions.nct_id
  AND browse_conditions.downcase_mesh_term = 'breast neoplasms'
  AND facilities.status = 'RECRUITING'
GROUP BY facilities.country, facilities.city, facilities.name
ORDER BY studies DESC, country, city, name
