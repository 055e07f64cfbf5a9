"""Register: trusts, wards and people, and the forms that change them."""
