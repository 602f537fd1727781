-- Of the trials that ended more than a year before the newest data: how many sent results within twelve months?
--
-- Origin: the question of Anderson et al., Compliance with Results Reporting at ClinicalTrials.gov (N Engl J Med
-- 2015, doi:10.1056/NEJMsa1409364), asked of AACT's own columns; their choice of applicable trials is left out.
-- Rewritten for DuckDB: ROUND(x, 1) takes a double, so the cast to numeric (three decimals in DuckDB) is gone.
-- CURRENT_DATE became the newest update in the data, so that the answer does not change with the day it is asked.
SELECT sp.agency_class,
       COUNT(*) AS completed,
       COUNT(*) FILTER (WHERE cv.months_to_report_results <= 12) AS within_a_year,
       ROUND(100.0 * COUNT(*) FILTER (WHERE cv.months_to_report_results <= 12) / COUNT(*), 1) AS percentage
FROM ctgov.studies AS s
JOIN ctgov.sponsors AS sp ON sp.nct_id = s.nct_id AND sp.lead_or_collaborator = 'lead'
JOIN ctgov.calculated_values AS cv ON cv.nct_id = s.nct_id
WHERE s.study_type = 'INTERVENTIONAL'
  AND s.overall_status IN ('COMPLETED', 'TERMINATED')
  AND s.primary_completion_date >= DATE '2008-01-01'
  AND s.primary_completion_date < (SELECT MAX(last_update_posted_date) FROM ctgov.studies) - INTERVAL '1 year'
GROUP BY sp.agency_class
ORDER BY completed DESC
