"""Logs are append-only, the admin's own too; the cache that all processes share."""

from django.db import migrations

CREATE = """
CREATE FUNCTION publications_log_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    links text[] := TG_ARGV;
    link text;
BEGIN
    -- Deleting what a line is about cuts the link to it and may do nothing else; the name stays.
    IF TG_OP = 'UPDATE' AND to_jsonb(NEW) - links = to_jsonb(OLD) - links THEN
        FOREACH link IN ARRAY links LOOP
            IF to_jsonb(NEW) -> link <> 'null'::jsonb
                AND to_jsonb(NEW) -> link <> to_jsonb(OLD) -> link
            THEN
                RAISE EXCEPTION 'A log is never changed or deleted.'
                    USING ERRCODE = 'integrity_constraint_violation';
            END IF;
        END LOOP;
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'A log is never changed or deleted.'
        USING ERRCODE = 'integrity_constraint_violation';
END
$$;
CREATE TRIGGER security_event_is_append_only BEFORE UPDATE OR DELETE ON publications_securityevent
    FOR EACH ROW EXECUTE FUNCTION publications_log_is_append_only('user_id', 'by_id');
CREATE TRIGGER admin_log_is_append_only BEFORE UPDATE OR DELETE ON django_admin_log
    FOR EACH ROW EXECUTE FUNCTION publications_log_is_append_only('content_type_id');
CREATE TABLE site_cache (
    cache_key varchar(255) PRIMARY KEY, value text NOT NULL, expires timestamptz NOT NULL
);
CREATE INDEX site_cache_expires ON site_cache (expires);
"""
DROP = """
DROP TABLE site_cache;
DROP TRIGGER admin_log_is_append_only ON django_admin_log;
DROP TRIGGER security_event_is_append_only ON publications_securityevent;
DROP FUNCTION publications_log_is_append_only();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("publications", "0021_accounts"),
        ("admin", "0003_logentry_add_action_flag_choices"),
    ]

    operations = [migrations.RunSQL(CREATE, DROP)]
