"""Tests of the SQL: the dbt project's own tests, laws on random retailers, and healing after a broken run."""
