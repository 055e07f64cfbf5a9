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

# make data/fonts from the release of Arimo on PyPI
fonts:
    #!/usr/bin/env sh
    set -e
    from=$(uv run --no-project --with 'fontpkg-arimo==1.341' python -c 'import fontpkg_arimo as f; print(f.__path__[0])')
    tool="uvx --from fonttools[woff]==4.68.0"
    latin='U+20-7E,U+A0-17F,U+192,U+218-21B,U+2C6-2DD,U+1E00-1EFF,U+2000-2064,U+20AC,U+2122,U+2190-2195,U+2212,U+221E,U+2248,U+2260,U+2264,U+2265,U+25A0,U+25A1,U+25B2,U+25BC,U+25CF,U+FFFD'
    shown='U+20-7E,U+A0-377,U+391-3A1,U+3A3-52F,U+1E00-1EFF,U+2000-2064,U+20A0-20BE,U+2100-214F,U+2190-2195,U+2211,U+2212,U+221E,U+2248,U+2260,U+2264,U+2265,U+25A0,U+25A1,U+25B2,U+25BC,U+25CF,U+FFFD'
    cp "$from/LICENSE" data/fonts/LICENSE
    $tool pyftsubset "$from/files/Arimo[wght].ttf" --unicodes="$latin" --layout-features='*' --flavor=woff2 --output-file=data/fonts/Arimo.woff2
    for weight in Regular:400 Bold:700; do
        whole=$(mktemp)
        $tool fonttools varLib.instancer "$from/files/Arimo[wght].ttf" "wght=${weight#*:}" --update-name-table -q -o "$whole"
        $tool pyftsubset "$whole" --unicodes="$shown" --layout-features='*' --output-file="data/fonts/Arimo-${weight%:*}.ttf"
        rm "$whole"
    done

# all that happens to a change before it is accepted
ci:
    .ci/run
