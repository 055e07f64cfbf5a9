"""Pure functions over data frames: process limits, rules, runs, funnels, signals."""
