-- Who leads most of the trials that recruit now, and of what class are they?
--
-- Origin: after "Which sponsors have the highest number of registered studies?" of the AACT tutorial
-- github.com/juanjomarcruz/Clinical-Trials-SQL-Analytics, for recruiting studies alone.
-- Rewritten for DuckDB: nothing. Ties are ordered by name, so that ten rows are always the same ten.
SELECT s.name AS sponsor_name,
       s.agency_class AS sponsor_class,
       COUNT(DISTINCT st.nct_id) AS study_count
FROM ctgov.sponsors AS s
INNER JOIN ctgov.studies AS st ON s.nct_id = st.nct_id
WHERE s.lead_or_collaborator = 'lead'
  AND st.overall_status = 'RECRUITING'
GROUP BY s.name, s.agency_class
ORDER BY study_count DESC, sponsor_name
LIMIT 10
