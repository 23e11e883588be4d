-- The table of answers by month, on PostgreSQL: docs/scale.md says what it brings and what it costs. Nomen does not
-- need it. Stop the site, dump the database, then:
--
--     psql --set ON_ERROR_STOP=1 --single-transaction --file deploy/partitions.sql "$DATABASE_URL"
--
-- It needs as much free disk as the table has, once more. Run it again each year for new months.

SET LOCAL maintenance_work_mem = '512MB';

-- A month that nobody made goes to feedback_other. A key that PostgreSQL keeps over all months must name the month,
-- so "one answer a visitor, name and version" is kept by a trigger: the site's writers take turns, so none slips by.
CREATE OR REPLACE FUNCTION feedback_is_new() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM feedback
             WHERE visitor = NEW.visitor AND name = NEW.name AND version_id = NEW.version_id) THEN
    RETURN NULL;  -- what ON CONFLICT DO NOTHING does
  END IF;
  RETURN NEW;
END $$;

-- From a moment to a year from now.
CREATE OR REPLACE PROCEDURE make_feedback_months(first timestamp) LANGUAGE plpgsql AS $$
DECLARE
  month date;
BEGIN
  FOR month IN SELECT generate_series(date_trunc('month', first), localtimestamp + interval '1 year', '1 month') LOOP
    EXECUTE format('CREATE TABLE IF NOT EXISTS %I PARTITION OF feedback FOR VALUES FROM (%L) TO (%L)',
      'feedback_' || to_char(month, 'YYYY_MM'), month, month + interval '1 month');
  END LOOP;
END $$;

CREATE OR REPLACE PROCEDURE part_feedback() LANGUAGE plpgsql AS $$
DECLARE
  keys text[];
  indexes text[];
  first timestamp;
  statement text;
BEGIN
  LOCK TABLE feedback;
  SELECT array_agg(format('ALTER TABLE feedback ADD CONSTRAINT %I %s', conname,
           CASE WHEN contype IN ('p', 'u') THEN replace(pg_get_constraintdef(oid), ')', ', created_at)')
                ELSE pg_get_constraintdef(oid) END))
    INTO keys FROM pg_constraint WHERE conrelid = 'feedback'::regclass AND contype IN ('p', 'u', 'f', 'c');
  SELECT array_agg(indexdef) INTO indexes FROM pg_indexes
    WHERE schemaname = current_schema() AND tablename = 'feedback'
      AND indexname NOT IN (SELECT conname FROM pg_constraint WHERE conrelid = 'feedback'::regclass);
  SELECT coalesce(min(created_at), localtimestamp) INTO first FROM feedback;

  ALTER TABLE feedback RENAME TO feedback_whole;
  CREATE TABLE feedback (LIKE feedback_whole INCLUDING DEFAULTS) PARTITION BY RANGE (created_at);
  ALTER SEQUENCE feedback_id_seq OWNED BY feedback.id;
  CREATE TABLE feedback_other PARTITION OF feedback DEFAULT;
  CALL make_feedback_months(first);
  INSERT INTO feedback SELECT * FROM feedback_whole;
  DROP TABLE feedback_whole;  -- its indexes' names are free with it

  -- After the rows: an index over a whole month is built several times as fast as it grows.
  FOREACH statement IN ARRAY keys || indexes LOOP
    EXECUTE statement;
  END LOOP;
  CREATE TRIGGER feedback_is_new BEFORE INSERT ON feedback FOR EACH ROW EXECUTE FUNCTION feedback_is_new();
END $$;

DO $$
BEGIN
  IF (SELECT relkind FROM pg_class WHERE oid = 'feedback'::regclass) = 'p' THEN
    CALL make_feedback_months(localtimestamp);
  ELSE
    CALL part_feedback();
  END IF;
END $$;

ANALYZE feedback;
