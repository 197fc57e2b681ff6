"""The kinds of component that come with WattLedger (domain §3)."""
