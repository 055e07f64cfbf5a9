"""The form that carries a return, as the OpenAPI document describes it."""

from typing import Any

from pipelines.reading.readers.kind import LARGEST_FILE

FORM = "multipart/form-data"
BODY: dict[str, Any] = {
    "required": True,
    "content": {
        FORM: {
            "schema": {
                "type": "object",
                "required": ["file"],
                "properties": {
                    "file": {
                        "type": "string",
                        "format": "binary",
                        "description": "The workbook (XLSX), a CSV file, or a ZIP of CSV files; "
                        f"{LARGEST_FILE // 2**20} MB at most.",
                    },
                    "answers": {
                        "type": "object",
                        "additionalProperties": {"type": "string"},
                        "description": "The reason for each query: by its code (`W04`), for one "
                        "cell (`W04 monthly!D5`), or `*` for all others. Without names, or "
                        "anything that tells who it was about.",
                        "example": {"W01": "Few people were well enough to be asked"},
                    },
                    "replaces": {
                        "type": "string",
                        "description": "The receipt of the return that you know to be in use "
                        "(`Z01-2026-10-1`), or `none`. Where it is another one, nothing is kept. "
                        "Without it, the file takes the place of whatever is in use.",
                    },
                    "check_only": {
                        "type": "boolean",
                        "description": "Check the file and keep nothing.",
                    },
                },
            },
            "encoding": {"answers": {"contentType": "application/json"}},
        }
    },
}
