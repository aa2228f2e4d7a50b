"""Dates, amounts, codes and identifiers, read from text that may come from any country."""
