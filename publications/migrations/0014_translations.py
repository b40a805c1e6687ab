"""Works know which work they are a translation of; a language stands once among them."""

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import F, Q

# The unique constraint compares translations with each other; this compares them with
# the original, and keeps translations of translations away.
CREATE = """
CREATE FUNCTION publications_translation_fits() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE original publications_publication%ROWTYPE;
BEGIN
    IF NEW.translation_of_id = NEW.id THEN
        RETURN NEW; -- the check constraint says it better
    ELSIF NEW.translation_of_id IS NOT NULL THEN
        SELECT * INTO original FROM publications_publication
            WHERE id = NEW.translation_of_id FOR NO KEY UPDATE;
        IF original.language = NEW.language OR original.translation_of_id IS NOT NULL
            OR EXISTS (SELECT FROM publications_publication WHERE translation_of_id = NEW.id)
        THEN
            RAISE EXCEPTION 'translation_fits: a language stands once among a work and its translations.'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'translation_fits';
        END IF;
    ELSIF EXISTS (
        SELECT FROM publications_publication
        WHERE translation_of_id = NEW.id AND language = NEW.language
    ) THEN
        RAISE EXCEPTION 'translation_fits: a translation of this work has its language.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'translation_fits';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER translation_fits
    BEFORE INSERT OR UPDATE OF language, translation_of_id ON publications_publication
    FOR EACH ROW EXECUTE FUNCTION publications_translation_fits();
"""
DROP = """
DROP TRIGGER translation_fits ON publications_publication;
DROP FUNCTION publications_translation_fits();
"""


class Migration(migrations.Migration):
    dependencies = [("publications", "0013_due_problems")]

    operations = [
        migrations.AddField(
            model_name="publication",
            name="translation_of",
            field=models.ForeignKey(
                blank=True,
                help_text="The work in its first language. Readers of each are led to the others.",
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="translations",
                to="publications.publication",
                verbose_name="translation of",
            ),
        ),
        migrations.AddConstraint(
            model_name="publication",
            constraint=models.UniqueConstraint(
                fields=("translation_of", "language"),
                name="one_translation_in_a_language",
                violation_error_message="There is a translation into this language already.",
            ),
        ),
        migrations.AddConstraint(
            model_name="publication",
            constraint=models.CheckConstraint(
                condition=Q(translation_of__isnull=True) | ~Q(translation_of=F("id")),
                name="translation_of_another_work",
                violation_error_message="A work is no translation of itself.",
            ),
        ),
        migrations.RunSQL(CREATE, DROP),
    ]
