"""Consent events are evidence: the database itself refuses to change or delete them."""

from django.db import migrations

CREATE = """
CREATE FUNCTION newsletter_consent_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- Erasing a person cuts the link to the subscriber and may do nothing else.
    IF TG_OP = 'UPDATE' AND NEW.subscriber_id IS NULL
        AND to_jsonb(NEW) - 'subscriber_id' = to_jsonb(OLD) - 'subscriber_id'
    THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'Consent events are evidence and are never changed or deleted.'
        USING ERRCODE = 'integrity_constraint_violation';
END
$$;
CREATE TRIGGER consent_is_append_only BEFORE UPDATE OR DELETE ON newsletter_consentevent
    FOR EACH ROW EXECUTE FUNCTION newsletter_consent_is_append_only();
"""
DROP = """
DROP TRIGGER consent_is_append_only ON newsletter_consentevent;
DROP FUNCTION newsletter_consent_is_append_only();
"""


class Migration(migrations.Migration):
    dependencies = [("newsletter", "0001_initial")]

    operations = [migrations.RunSQL(CREATE, DROP)]
