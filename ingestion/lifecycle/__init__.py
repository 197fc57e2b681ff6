"""What a subject lives through as a state machine, and the judgement of a delivered history against it.

Belongs here: machines as data, and pure judgement. Taking refused records out of a delivery is
``ingestion.landing_steps``; the state of a contract in marts is computed in SQL from the exported seeds.
"""
