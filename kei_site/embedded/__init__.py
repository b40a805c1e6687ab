"""An embedded PostgreSQL: the database engine `kei_site.embedded` and what it starts and stops."""
