"""Training: the course catalogue, who has done what, and what is due."""
