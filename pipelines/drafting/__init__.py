"""A return typed on the screen: drafts of wards, and the workbook made from them."""
