"""The sentences around every chart: tested on tables of cases, like code."""
