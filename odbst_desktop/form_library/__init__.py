"""The vault's library of forms: every definition in use, and the forms the trust writes itself."""
