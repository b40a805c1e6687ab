"""History is never rewritten: the database itself refuses to change or delete a revision."""

from django.db import migrations

CREATE = """
CREATE FUNCTION publications_revision_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- Deleting an account cuts the link to it and may do nothing else; the name stays.
    IF TG_OP = 'UPDATE' AND NEW.made_by_id IS NULL
        AND to_jsonb(NEW) - 'made_by_id' = to_jsonb(OLD) - 'made_by_id'
    THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'Revisions are never changed or deleted.'
        USING ERRCODE = 'integrity_constraint_violation';
END
$$;
CREATE TRIGGER revision_is_append_only BEFORE UPDATE OR DELETE ON publications_revision
    FOR EACH ROW EXECUTE FUNCTION publications_revision_is_append_only();
"""
DROP = """
DROP TRIGGER revision_is_append_only ON publications_revision;
DROP FUNCTION publications_revision_is_append_only();
"""


class Migration(migrations.Migration):
    dependencies = [("publications", "0007_history")]

    operations = [migrations.RunSQL(CREATE, DROP)]
