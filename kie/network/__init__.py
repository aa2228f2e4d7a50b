"""VI-LayoutXLM: encoder of words and their places, heads for entities, fields and relations."""
