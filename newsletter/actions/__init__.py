"""Everything that writes; one verb and one transaction each."""
