"""How long records are kept, what is due for disposal, and what is held about somebody."""
