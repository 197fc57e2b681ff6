"""How bytes arrive: one module per way (drop folder now; HTTP, MQTT, Modbus, DL/T 645 later).

A connector finds deliveries and says who sent them and when the business knew them. It does not look inside.
"""
