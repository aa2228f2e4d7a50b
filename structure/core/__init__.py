"""The ground floor: typed values, errors, weights; imports nothing of the rest."""
