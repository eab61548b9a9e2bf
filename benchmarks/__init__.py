"""Workloads that are measured, not tested: one module each."""
