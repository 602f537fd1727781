-- In which organ systems do serious adverse events happen, and to what share of the participants at risk?
--
-- Origin: no one text; the way scripts on AACT compare arms, along the foreign key that AACT's schema gives
-- (reported_events.result_group_id, db/structure.sql of github.com/ctti-clinicaltrials/aact).
-- Rewritten for DuckDB: nothing; subjects_affected * 100.0 / subjects_at_risk needs no cast.
SELECT re.organ_system,
       COUNT(DISTINCT re.nct_id) AS studies,
       COUNT(DISTINCT rg.id) AS arms,
       SUM(re.subjects_affected) AS subjects_affected,
       MAX(re.subjects_affected * 100.0 / re.subjects_at_risk) AS highest_percentage
FROM ctgov.reported_events AS re
JOIN ctgov.result_groups AS rg ON re.result_group_id = rg.id
WHERE re.event_type = 'serious'
  AND rg.result_type = 'Reported Event'
  AND re.subjects_at_risk > 0
GROUP BY re.organ_system
ORDER BY subjects_affected DESC, re.organ_system
