# What you can do here. `just` alone lists it; every recipe is a plain command you can also type.

default:
    @just --list

# make the fictional programme and open the dashboard
run *arguments:
    uv run feeling-safe demo {{ arguments }}

# run the tests: all of them, or those you name
test *arguments:
    uv run pytest {{ arguments }}

# run the tests and say which lines and branches none of them reached
coverage:
    uv run pytest --cov --cov-report=term-missing:skip-covered

# everything the tests don't check: style, types, imports
check:
    uv run ruff check .
    uv run ruff format --check .
    uv run mypy
    uv run lint-imports

# put right what can be put right by itself
fix:
    uv run ruff check --fix .
    uv run ruff format .

# write docs/data-dictionary.md from the models
dictionary:
    uv run python -m pipelines.data_dictionary

# all that happens to a change before it is accepted
ci:
    .ci/run
