"""Which senders have been at work since the database last lost something.

PostgreSQL empties an unlogged table when it recovers from a crash, in which commits that were not
waited for are lost: a number that is still here stands for a sender of which nothing was lost.
"""

from django.db import migrations

CREATE = "CREATE UNLOGGED TABLE newsletter_sender_seen (number bigint PRIMARY KEY)"
DROP = "DROP TABLE newsletter_sender_seen"


class Migration(migrations.Migration):
    dependencies = [("newsletter", "0005_issue_refusal_and_total")]

    operations = [migrations.RunSQL(CREATE, DROP)]
