from pipelines.data_dictionary import FILE, dictionary
from pipelines.measures import load
from schemas.register import REGISTER_FILES
from schemas.release import TABLES
from schemas.returns import SHEETS, columns_of


def test_the_committed_dictionary_is_the_one_the_models_write():
    committed = FILE.read_text(encoding="utf-8")
    assert committed == dictionary(load()), (
        "run `python -m pipelines.data_dictionary` and commit it"
    )


def test_every_table_column_and_measure_is_in_it():
    text = dictionary(load())
    for model in (*TABLES.values(), *REGISTER_FILES.values()):
        assert all(f"| `{column}` |" in text for column in model.to_schema().columns)
    for sheet in SHEETS:
        assert all(f"| `{c.name}` | {c.title} |" in text for c in columns_of(sheet).values())
    assert all(f"| {measure.id} | {measure.name}" in text for measure in load())


def test_every_row_of_a_table_has_as_many_cells_as_its_head():
    width = None
    for line in dictionary(load()).splitlines():
        cells = line.replace("\\|", "").count("|") if line.startswith("|") else None
        assert cells == width or None in (cells, width)
        width = cells
