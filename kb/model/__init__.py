"""What a fact is: YAML becomes validated records, records become the relations that rules read."""
