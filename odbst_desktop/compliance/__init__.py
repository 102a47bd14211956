"""The compliance register: the trust's policies and the standing duties of its plan."""
