"""The entry Learning: learning forums, who came to them, and what people said."""
