-- The trust's figures from the tidy table: a row for each academic year, term and field that holds a
-- number. The same text runs in SQLite on one machine and in Apache Spark on many, so it keeps to
-- what both read alike. Numbers are added as whole thousandths: such sums are exact, and come out
-- the same in whatever order the schools are added.
WITH figures AS (
    SELECT
        academic_year,
        term,
        field,
        COUNT(DISTINCT urn) AS schools_said,
        COUNT(number) AS numbers,
        COUNT(CASE WHEN missing <> '' THEN 1 END) AS not_known,
        SUM(CAST(ROUND(number * 1000) AS BIGINT)) AS total_thousandths,
        MIN(number) AS smallest,
        MAX(number) AS largest
    FROM returned
    GROUP BY academic_year, term, field
),
terms AS (
    SELECT academic_year, term, COUNT(DISTINCT urn) AS schools_returned
    FROM returned
    GROUP BY academic_year, term
)
SELECT
    figures.academic_year,
    figures.term,
    figures.field,
    terms.schools_returned,
    figures.schools_said,
    figures.numbers,
    figures.not_known,
    figures.total_thousandths,
    figures.smallest,
    figures.largest
FROM figures
INNER JOIN terms
    ON terms.academic_year = figures.academic_year AND terms.term = figures.term
WHERE figures.numbers > 0
ORDER BY figures.academic_year, figures.term, figures.field
