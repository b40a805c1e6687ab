"""English stems that ignore accents, for the index and for queries alike."""

from django.db import migrations

CREATE = """
CREATE TEXT SEARCH CONFIGURATION publications (COPY = english);
ALTER TEXT SEARCH CONFIGURATION publications
    ALTER MAPPING FOR hword, hword_part, word WITH unaccent, english_stem;
"""
DROP = "DROP TEXT SEARCH CONFIGURATION publications;"


class Migration(migrations.Migration):
    dependencies = [("publications", "0001_initial")]

    operations = [migrations.RunSQL(CREATE, DROP)]
