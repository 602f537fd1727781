-- How often are interventional trials blinded, year by year of registration, and how did that change?
--
-- Origin: after "How frequently are masking/blinding techniques applied?" and the year-on-year difference of
-- "How many new clinical trials were registered each year?" of the AACT tutorial
-- github.com/juanjomarcruz/Clinical-Trials-SQL-Analytics, the two in one.
-- Rewritten for DuckDB: nothing; EXTRACT gives an integer where PostgreSQL gives a numeric.
WITH masked_per_year AS (
    SELECT EXTRACT(YEAR FROM s.study_first_submitted_date) AS year,
           COUNT(DISTINCT s.nct_id) AS study_count,
           ROUND(AVG(CASE WHEN d.masking <> 'NONE' THEN 100.0 ELSE 0 END), 1) AS pct_masked
    FROM ctgov.studies AS s
    INNER JOIN ctgov.designs AS d ON d.nct_id = s.nct_id
    WHERE s.study_type = 'INTERVENTIONAL'
      AND d.masking IS NOT NULL
    GROUP BY EXTRACT(YEAR FROM s.study_first_submitted_date)
)
SELECT year,
       study_count,
       pct_masked,
       ROUND(pct_masked - LAG(pct_masked) OVER (ORDER BY year), 1) AS difference
FROM masked_per_year
WHERE year BETWEEN 2005 AND 2024
ORDER BY year
